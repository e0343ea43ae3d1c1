// Jest's runtime gives each test file modules of its own. This one leaves nothing of them behind that
// the later files of a worker would pay for, and does once what is the same for all files.
const { Script } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

// A worker that has nothing left to do ends at once: taking its memory apart can take longer than the
// half second after which Jest says that it failed to end. One that something keeps open is still told.
if (process.send) process.once('beforeExit', () => process.exit());

/** Compiled files by path, with the code that they were compiled from. */
const compiled = new Map();

module.exports = class extends Runtime {
	storages = [];
	intervals = [];

	constructor(...options) {
		super(...options);
		const { global } = this._environment;
		const { setInterval } = global;
		global.setInterval = (...given) => {
			const interval = setInterval(...given);
			this.intervals.push(interval);
			return interval;
		};
	}

	// Reading and compiling n8n-core for each file took longer than most files' tests.
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

	// Up to Node.js 22 every promise of a process has a place for every storage that was ever used in it.
	_requireCoreModule(name, ...rest) {
		const module = super._requireCoreModule(name, ...rest);
		if (!/^(node:)?async_hooks$/.test(name)) return module;
		const { storages } = this;
		class AsyncLocalStorage extends module.AsyncLocalStorage {
			constructor(...options) {
				super(...options);
				storages.push(this);
			}
		}
		return { ...module, AsyncLocalStorage };
	}

	teardown() {
		super.teardown();
		for (const storage of this.storages) storage.disable();
		// n8n-core never ends its own, which hold all modules of the file.
		for (const interval of this.intervals) if (!interval.hasRef()) clearInterval(interval);
	}
};
