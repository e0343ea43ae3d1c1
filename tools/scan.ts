/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inCache } from '../test/real-n8n/cacheFolder';
import { attempt, run } from '../test/real-n8n/command';
import { pack } from '../test/real-n8n/tarball';

const ROOT = path.join(__dirname, '..');

const MANIFEST = {
	private: true,
	type: 'module',
	dependencies: { '@n8n/scan-community-package': '0.32.0' },
	// The scanner asks for a TypeScript that its own parser cannot work with.
	overrides: { typescript: '5.9.3' },
};

/** Runs inside the scanner's folder: its rules over a folder, the violations as its output. */
const SCAN = `
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
const [folder, kind] = process.argv.slice(2);
const { passed, message, details } = await analyzePackage(folder, kind === 'sources' ? SOURCE_FILE_PATTERNS : undefined);
if (!passed) console.log(message, details ?? '');
process.exitCode = passed ? 0 : 1;
`;

/** n8n's scanner for verified packages, installed once into the cache. */
async function installScanner(): Promise<string> {
	const folder = inCache('scanner-0.32.0');
	const script = path.join(folder, 'scan.mjs');
	fs.mkdirSync(folder, { recursive: true });
	fs.writeFileSync(script, SCAN);
	if (!fs.existsSync(path.join(folder, 'node_modules', '@n8n', 'scan-community-package'))) {
		console.log('Installing the scanner of n8n');
		fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(MANIFEST));
		await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
	}
	return script;
}

/** Checks the packed tarball and the sources as n8n's reviewers do. */
async function main() {
	const script = await installScanner();
	const temporary = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-scan-'));
	try {
		const { file } = await pack(ROOT, temporary);
		await run('tar', ['-xzf', file, '-C', temporary]);
		const checks = [
			{ what: 'The packed tarball', args: [path.join(temporary, 'package')] },
			{ what: 'The sources', args: [ROOT, 'sources'] },
		];
		for (const { what, args } of checks) {
			const { code, stdout, stderr } = await attempt(process.execPath, [script, ...args], {
				cwd: path.dirname(script),
			});
			console.log(code === 0 ? `${what}: passed` : `${what}: not passed\n${stdout}\n${stderr}`);
			if (code !== 0) process.exitCode = 1;
		}
	} finally {
		fs.rmSync(temporary, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
