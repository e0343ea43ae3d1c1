const { rm } = require('node:fs/promises');
const { spawnSync } = require('node:child_process');
const { build } = require('esbuild');
const { dest, series, src } = require('gulp');

const clean = async () => await rm('dist', { recursive: true, force: true });

const typecheck = async () => {
	const { status } = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc')], {
		stdio: 'inherit',
	});
	if (status !== 0) throw new Error('TypeScript found mistakes, see above');
};

// One file a node: libraries other than n8n's own are bundled, since a verified package has no
// dependencies, and one file loads faster than thirty.
const bundle = async () =>
	await build({
		entryPoints: ['nodes/Vtrix/Vtrix.node.ts', 'credentials/VtrixApi.credentials.ts'],
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['n8n-workflow', 'zod'],
		legalComments: 'eof',
	});

// encoding: false keeps the bytes of images; gulp 5 would read them as UTF-8
const assets = () =>
	src(['nodes/**/*.{png,svg,node.json}', 'credentials/**/*.svg'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));

exports.clean = clean;
exports.build = series(clean, typecheck, bundle, assets);
