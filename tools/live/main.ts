/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { version } from '../../package.json';
import { run } from '../../test/real-n8n/command';
import { withProgress } from '../../test/real-n8n/progress';
import { pack } from '../../test/real-n8n/tarball';
import { NEWEST } from '../../test/real-n8n/versions';
import { DESCRIPTIONS_URL } from '../../nodes/Vtrix/core/description/descriptions';
import { announce, WITHOUT_KEY } from './announce';
import { startN8n, type N8nBench } from './node/n8n';
import { readCommand, USAGE, UsageError, type Command } from './options';
import { planSteps } from './plan/steps';
import { compareDescriptions } from './compareDescriptions';
import { replay } from './replay';
import { summaryOf } from './report/markdown';
import { Session, type SessionResult } from './session';

const ROOT = path.join(__dirname, '..', '..');
const DEFAULT_BASE_URL = 'https://cloud.vtrix.ai';
/** Of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

const log = (line = '') => console.log(line);

/** What is to be ended when the program ends, the newest first. */
const closing: Array<() => unknown> = [];

let closed = Promise.resolve();

/** Ends what is open, after what is being ended already. */
async function closeAll() {
	closed = closed.then(async () => {
		for (const close of closing.splice(0).reverse()) await close();
	});
	await closed;
}

/** Builds the package, packs it as it would be published and starts n8n with it. */
async function openBench(): Promise<N8nBench> {
	// deleted at the end, with the key that n8n keeps in it
	const folder = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-live-'));
	closing.push(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
	const tarball = await withProgress(log, 'Building the node', async () => {
		await run('npm', ['run', 'build'], { cwd: ROOT });
		return await pack(ROOT, folder);
	});
	const bench = await withProgress(log, `Starting n8n ${NEWEST} with the node`, async () => {
		return await startN8n(tarball, path.join(folder, 'n8n'), log);
	});
	closing.push(async () => await bench.close());
	log('Steps:');
	return bench;
}

async function confirmed(signal: AbortSignal): Promise<boolean> {
	const lines = createInterface({ input: process.stdin, output: process.stdout });
	const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
	lines.once('SIGINT', () => lines.close());
	try {
		const answer = await Promise.race([lines.question('Go on? (y/N) ', { signal }), ended]);
		return /^\s*y(es)?\s*$/i.test(answer);
	} catch {
		return false;
	} finally {
		lines.close();
	}
}

const defaultFolder = () =>
	path.join('live-recordings', new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-'));

/** Host of the gateway as it may be shown: who runs another one may not want it in public. */
function publicName(baseUrl: string): string {
	const { hostname } = new URL(baseUrl);
	if (/(^|\.)(vtrix|seaart)\.ai$/.test(hostname)) return hostname;
	return /^(127\.|localhost$|\[::1\])/.test(hostname)
		? 'a server of this machine'
		: 'another gateway';
}

function tellOpenTasks({ running, uncertain }: SessionResult) {
	if (running.length > 0) {
		log('');
		log("These tasks still run; fetch them with the resource 'Task', operation 'Get':");
		for (const { id, step } of running) log(`  ${id}  (${step})`);
	}
	for (const step of uncertain)
		log(`Whether '${step}' created a task is not known: its answer was lost.`);
}

async function proveLive(
	command: Extract<Command, { does: 'prove' }>,
	signal: AbortSignal,
): Promise<number> {
	const apiKey = (process.env.VTRIX_API_KEY ?? '').trim();
	// the programs that are started from here have no business with it
	delete process.env.VTRIX_API_KEY;
	const baseUrl = process.env.VTRIX_BASE_URL?.trim() || DEFAULT_BASE_URL;
	const specUrl = specUrlBeside(baseUrl);
	const { models, limit, yes, imageUrl, folder = defaultFolder() } = command;
	if (apiKey === '') {
		log(`${USAGE}\n\n${WITHOUT_KEY}`);
		return 0;
	}
	const problem =
		wrongKey(apiKey) ?? wrongAddress(baseUrl) ?? (specUrl && wrongAddress(specUrl, SPEC_VARIABLE));
	if (problem) throw new UsageError(problem);
	log(announce(planSteps(models, imageUrl), limit, baseUrl));
	log();
	if (!yes && !(await confirmed(signal))) {
		log('Nothing was sent and nothing was charged.');
		return signal.aborted ? INTERRUPTED : 0;
	}
	const about = `n8n-nodes-vtrix ${version} in n8n ${NEWEST} against ${publicName(baseUrl)}, ${new Date().toISOString().slice(0, 10)}; models: ${models.map(({ id }) => id).join(', ')}.`;
	const session = new Session({
		...command,
		baseUrl,
		...(specUrl !== undefined && { specUrl }),
		apiKey,
		shown: new URL(baseUrl).host,
		folder,
		about,
		log,
		signal,
	});
	const result = await session.run(openBench);
	const { report, written, obstacle } = result;
	if (report && written) {
		log(`\n${written.markdown}`);
		log(`${summaryOf(report)}.`);
		log(`The recording and this report (${written.file}) may be attached to a public issue.`);
	}
	tellOpenTasks(result);
	if (signal.aborted) return INTERRUPTED;
	if (obstacle !== undefined) {
		console.error(obstacle);
		return 1;
	}
	return report?.steps?.some(({ end }) => end === 'failed') ? 1 : 0;
}

const wrongKey = (apiKey: string): string | undefined =>
	/^[\x21-\x7e]+$/.test(apiKey)
		? undefined
		: 'VTRIX_API_KEY holds characters that no key has. Copy it again.';

const SPEC_VARIABLE = 'VTRIX_SPEC_URL';

/** Address of the descriptions; none beside another gateway than the vendor's, unless it is told. */
const specUrlBeside = (baseUrl: string): string | undefined =>
	process.env[SPEC_VARIABLE]?.trim() ||
	(baseUrl === DEFAULT_BASE_URL ? DESCRIPTIONS_URL : undefined);

async function compareSpecs(command: Extract<Command, { does: 'spec' }>): Promise<number> {
	delete process.env.VTRIX_API_KEY;
	const url = specUrlBeside(DEFAULT_BASE_URL) ?? DESCRIPTIONS_URL;
	const problem = wrongAddress(url, SPEC_VARIABLE);
	if (problem) throw new UsageError(problem);
	const { recording, models, folder = defaultFolder() } = command;
	const ids = models.map(({ id }) => id);
	const source = recording === undefined ? { url, ids, folder } : { recording };
	log(await compareDescriptions(source));
	return 0;
}

/** What is wrong with an address: what goes there travels encrypted, or stays on this machine. */
function wrongAddress(baseUrl: string, name = 'VTRIX_BASE_URL'): string | undefined {
	const { protocol, hostname, username } = parseUrl(baseUrl) ?? {};
	if (hostname === undefined) return `${name} is not a complete address: ${baseUrl}`;
	const local = /^(127\.|localhost$|\[::1\])/.test(hostname);
	if (username) return `${name} must not hold a user name or password.`;
	return protocol === 'https:' || (protocol === 'http:' && local)
		? undefined
		: `${name} must start with https://, so that what goes there travels encrypted.`;
}

function parseUrl(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

async function main(signal: AbortSignal): Promise<number> {
	const command = readCommand(process.argv.slice(2));
	switch (command.does) {
		case 'help':
			log(USAGE);
			return 0;
		case 'replay':
			return await replay(command.folder, log);
		case 'spec':
			return await compareSpecs(command);
		case 'prove':
			return await proveLive(command, signal);
	}
}

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
	process.on(name, () => {
		if (ending.signal.aborted) return;
		log('\nEnding …');
		ending.abort();
		// n8n is ended at once: its executions would go on with what is not wanted any more
		void closeAll();
	});
}
main(ending.signal)
	.catch((error: unknown) => {
		if (ending.signal.aborted) return INTERRUPTED;
		console.error(error instanceof Error ? error.message : error);
		return 1;
	})
	.then(async (code) => {
		await closeAll();
		process.exit(code);
	})
	.catch((error: unknown) => {
		console.error(error);
		process.exit(1);
	});
