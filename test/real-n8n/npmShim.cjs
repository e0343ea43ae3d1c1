// Stands on n8n's PATH as `npm`. n8n asks npm whether a package exists and for its tarball: for the
// packages named in SHIM_TARBALLS it gets the local file. Everything else goes to the real npm.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const args = process.argv.slice(2);
const [command, spec = ''] = args;
const at = spec.lastIndexOf('@');
const name = at > 0 ? spec.slice(0, at) : spec;
const record = path.join(process.env.SHIM_TARBALLS, `${encodeURIComponent(name)}.json`);

if ((command === 'view' || command === 'pack') && fs.existsSync(record)) {
	const { version, file } = JSON.parse(fs.readFileSync(record, 'utf8'));
	if (command === 'view') {
		console.log(JSON.stringify(version));
	} else {
		const copy = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
		fs.copyFileSync(file, path.resolve(copy));
		console.log(copy);
	}
} else if (command === 'outdated') {
	console.log('{}'); // asked by the Community nodes page
} else {
	const env = { ...process.env, PATH: process.env.SHIM_REAL_PATH };
	process.exit(spawnSync('npm', args, { stdio: 'inherit', env }).status ?? 1);
}
