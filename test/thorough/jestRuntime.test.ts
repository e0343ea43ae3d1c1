/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const RUNTIME = path.join(__dirname, '..', 'support', 'jestRuntime.cjs');

/** Uses a storage, and notes how many places a promise then has for storages. */
const FILE = `
const { AsyncLocalStorage } = require('node:async_hooks');
const { appendFileSync } = require('node:fs');
test('a storage', () => {
	new AsyncLocalStorage().run('stored', () => {
		const places = Object.getOwnPropertySymbols(Promise.resolve());
		appendFileSync('places', places.length + ' ');
	});
});`;

test('the promises of a test file do not pay for the storages of those before it', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'vtrix-jest-'));
	try {
		for (const name of ['one', 'two', 'three']) {
			writeFileSync(path.join(folder, `${name}.test.js`), FILE);
		}
		const config = JSON.stringify({ rootDir: folder, runtime: RUNTIME, transform: {} });
		const args = [require.resolve('jest/bin/jest'), '--runInBand', '--config', config];
		execFileSync(process.execPath, args, { cwd: folder, stdio: 'pipe' });
		const [one, ...others] = readFileSync(path.join(folder, 'places'), 'utf8').trim().split(' ');
		expect(others).toEqual([one, one]);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
