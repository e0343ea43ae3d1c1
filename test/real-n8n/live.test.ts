/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStandIn, type StandIn, type StandInOptions } from '../standin';
import { ALL_DIFFERENCES, playDifferences } from '../standin/faults/differences';
import { readRecording } from '../../tools/live/recording/folder';

const ROOT = path.join(__dirname, '..', '..');
const KEY = ['sk', 'live', '51H8xQ2eZvKYlo2C'].join('-');

let standIn: StandIn;
let folder: string;
beforeEach(() => {
	folder = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-live-'));
});
afterEach(async () => {
	expect(standIn.leaks).toEqual([]);
	await standIn.close();
	fs.rmSync(folder, { recursive: true });
});

/** `npm run live` against a stand-in with a key of its own. */
async function live(options: StandInOptions, ...args: string[]) {
	standIn = await startStandIn({ apiKey: KEY, ...options });
	const child = spawn(
		process.execPath,
		['--import', 'tsx', path.join('tools', 'live', 'main.ts'), '--yes', '--out', folder, ...args],
		{
			cwd: ROOT,
			stdio: ['ignore', 'pipe', 'pipe'],
			env: {
				...process.env,
				VTRIX_API_KEY: KEY,
				VTRIX_BASE_URL: standIn.url,
				VTRIX_SPEC_URL: standIn.specUrl,
			},
		},
	);
	return { child, ...saidBy(child) };
}

function saidBy(child: ChildProcess): { said: () => string; ended: Promise<unknown> } {
	let said = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', (piece: Buffer) => {
			said += piece.toString();
		});
	}
	return { said: () => said, ended: once(child, 'close').then(([code]: unknown[]) => code) };
}

test('the proof in a real n8n finds the stand-in as it is believed to be', async () => {
	const { said, ended } = await live({ latencyMs: [500, 1500] });
	expect([await ended, said()]).toEqual([0, expect.stringContaining('## Different (0)')]);
	expect(said()).toMatch(/All as believed \(\d+\).*the node handled everything; spent \$0\.\d+/);
	expect(said()).toContain('8 models agree in every field, 0 differ');
	expect(said()).not.toContain(KEY);
	const steps = readRecording(folder);
	expect(steps.filter(({ outcome }) => outcome.images.length > 0).length).toBeGreaterThan(5);
	for (const { outcome } of steps) {
		expect(outcome.images.filter(({ intact }) => !intact)).toEqual([]);
	}
});

test('a gateway that differs in ten ways is handled, and each way is named', async () => {
	const { said, ended } = await live({ latencyMs: [500, 1500] });
	await playDifferences(standIn);
	expect([await ended, said()]).toEqual([
		0,
		expect.stringContaining(`## Different (${ALL_DIFFERENCES.length})`),
	]);
	expect(said()).toContain('the node handled everything');
});

test('Ctrl-C ends it cleanly and tells the tasks that still run', async () => {
	const { child, said, ended } = await live({ latencyMs: 600_000 }, '--models', 'spark_dream_5_0');
	while (standIn.tasks.length === 0 && child.exitCode === null) await sleep(200);
	await sleep(1000);
	child.kill('SIGINT');
	expect([await ended, said()]).toEqual([130, expect.stringContaining('These tasks still run')]);
	for (const { id } of standIn.tasks) expect(said()).toContain(id);
	const polls = standIn.stats.requests.poll;
	await sleep(3000);
	// nobody asks any more
	expect(standIn.stats.requests.poll).toBe(polls);
});
