// Jest's runtime, which gives each test file modules of its own, but compiles their code only once a
// worker: reading and compiling n8n-core for each file took longer than most files' tests.
const { Script } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

/** Compiled files by path, with the code that they were compiled from. */
const compiled = new Map();

module.exports = class extends Runtime {
	transformFile(path, options) {
		// packages don't change while tests run
		const known = path.includes('/node_modules/') && compiled.get(path);
		return known ? known.code : super.transformFile(path, options);
	}

	createScriptFromCode(code, path) {
		const context = this._environment.getVmContext();
		if (context === null) return null;
		let known = compiled.get(path);
		if (known?.code !== code) {
			const head = `(function (${this.constructInjectedModuleParameters().join(',')}) {`;
			try {
				const script = new Script(`${head}${code}\n})`, {
					filename: path,
					columnOffset: -head.length,
				});
				known = { code, script };
			} catch {
				// Jest has its own words for code that does not compile.
				return super.createScriptFromCode(code, path);
			}
			compiled.set(path, known);
		}
		return known.script.runInContext(context);
	}
};
