const { appendFile, mkdir, readFile, readdir, rm, writeFile } = require('node:fs/promises');
const { spawnSync } = require('node:child_process');
const { build } = require('esbuild');
const { dest, series, src } = require('gulp');
const api = require('tsx/cjs/api');
const { homepage } = require('./package.json');

const clean = async () => await rm('dist', { recursive: true, force: true });

const typecheck = async () => {
	const { status } = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc')], {
		stdio: 'inherit',
	});
	if (status !== 0) throw new Error('TypeScript found mistakes, see above');
};

// One file a node: libraries other than n8n's own are bundled, since a verified package has no
// dependencies, and one file loads faster than thirty.
const bundle = async () => await bundleInto('dist');

/** Bundles into a folder, with the licences of the libraries at each file's end. */
const bundleInto = async (outdir) => {
	const { metafile } = await build({
		entryPoints: ['nodes/Vtrix/Vtrix.node.ts', 'credentials/VtrixApi.credentials.ts'],
		outdir,
		outbase: '.',
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['n8n-workflow', 'zod'],
		metafile: true,
	});
	for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
		const libraries = new Set(Object.keys(inputs).flatMap(libraryFolder));
		for (const folder of libraries) await appendFile(file, await licence(folder));
	}
};

const libraryFolder = (file) => /^node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.slice(0, 1) ?? [];

/** A library's licence as a comment; few libraries repeat it in their sources. */
const licence = async (folder) => {
	const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
	if (file === undefined) throw new Error(`${folder} has no licence to go along`);
	const { name, version } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
	const text = await readFile(`${folder}/${file}`, 'utf8');
	return `\n/*!\n${name} ${version}\n\n${text.trim()}\n*/\n`;
};

// encoding: false keeps the bytes of images; gulp 5 would read them as UTF-8
const assets = () =>
	src(['nodes/**/*.{png,svg}', 'credentials/**/*.svg'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));

// What the items hold, for the editor to offer before the first run.
const outputSchemas = async () => {
	const { OPERATIONS } = api.require('./nodes/Vtrix/n8n/operations/index.ts', __filename);
	const { outputSchema } = api.require('./nodes/Vtrix/n8n/output/outputFields.ts', __filename);
	for (const { resource, value, output } of OPERATIONS) {
		const folder = `dist/nodes/Vtrix/__schema__/v1.0.0/${resource.value}`;
		await mkdir(folder, { recursive: true });
		await writeFile(`${folder}/${value}.json`, JSON.stringify(outputSchema(output)));
	}
};

// The codex points into the README; where that is to be read stands in package.json alone.
const codex = async () => {
	const file = 'nodes/Vtrix/Vtrix.node.json';
	const text = await readFile(file, 'utf8');
	await writeFile(`dist/${file}`, text.replaceAll('"#', `"${homepage.replace(/#.*/, '')}#`));
};

exports.bundleInto = bundleInto;
exports.clean = clean;
// What was built before stays until the types are right.
exports.build = series(typecheck, clean, bundle, assets, codex, outputSchemas);
