/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import getPort from 'get-port';
import { startStandIn } from '../test/standin';
import { LOOPBACK } from '../test/support/listen';
import { inCache } from '../test/real-n8n/cacheFolder';
import { run } from '../test/real-n8n/command';
import type { CredentialData } from '../test/real-n8n/credentials';
import { openDoor } from '../test/real-n8n/door';
import { errorOf, itemsOf } from '../test/real-n8n/execution';
import { N8n, OWNER } from '../test/real-n8n/n8n';
import { withProgress, type Log } from '../test/real-n8n/progress';
import { pack, type Tarball } from '../test/real-n8n/tarball';
import { exampleWorkflows, PICTURE_STEP, trialWorkflow } from '../test/real-n8n/trialWorkflow';

const ROOT = path.join(__dirname, '..');
const HOME = inCache('start');
const CREDENTIAL_NAME = 'Vtrix account';

const log: Log = (line) => console.log(line);

/** A thing to end when the program ends, the newest first. */
const closing: Array<() => unknown> = [];

async function closeAll() {
	for (const close of closing.splice(0).reverse()) await close();
}

/** What the credential holds: the real gateway with a key, else a stand-in on this machine. */
async function gateway(): Promise<CredentialData> {
	const { VTRIX_API_KEY: apiKey, VTRIX_BASE_URL: baseUrl = 'https://cloud.vtrix.ai' } = process.env;
	if (apiKey) {
		log(`Using the real gateway at ${baseUrl} with your key; pictures are charged to it.`);
		return { apiKey, baseUrl };
	}
	const standIn = await startStandIn({
		latencyMs: [3000, 6000],
		drawing: 'scene',
		keepRequests: false,
	});
	closing.push(async () => await standIn.close());
	log('No VTRIX_API_KEY is set: pictures come from a stand-in on this machine and cost nothing.');
	log(`The stand-in is at ${standIn.url}; test/README.md tells how to play faults.`);
	return { apiKey: standIn.apiKey, baseUrl: standIn.url };
}

/** A password that is made once and kept, readable by this user alone. */
function password(): string {
	const file = path.join(HOME, 'password');
	fs.mkdirSync(HOME, { recursive: true });
	if (!fs.existsSync(file)) {
		fs.writeFileSync(file, `Aa1-${randomBytes(9).toString('base64url')}`, { mode: 0o600 });
	}
	return fs.readFileSync(file, 'utf8');
}

/** Builds the package and packs it as it would be published. */
async function packNode(): Promise<Tarball> {
	const folder = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-pack-'));
	closing.push(() => fs.rmSync(folder, { recursive: true, force: true }));
	await run('npm', ['run', 'build'], { cwd: ROOT });
	return await pack(ROOT, folder);
}

async function installNode(n8n: N8n, tarball: Tarball) {
	const installed = await n8n.packages.list();
	if (installed.some(({ packageName }) => packageName === tarball.name)) {
		await n8n.packages.uninstall(tarball.name);
	}
	await n8n.packages.install(tarball);
}

async function saveCredential(n8n: N8n, data: CredentialData) {
	const known = (await n8n.credentials.list()).find(({ name }) => name === CREDENTIAL_NAME);
	return known
		? await n8n.credentials.update(known, data)
		: await n8n.credentials.create('vtrixApi', data, CREDENTIAL_NAME);
}

/** Runs the workflow once and saves its pictures. Gives the folder. */
async function firstRun(n8n: N8n, workflowId: string) {
	const execution = await n8n.executions.run(workflowId, 'Start');
	const problem = errorOf(execution);
	if (problem) throw new Error(`The example workflow did not work:\n${problem}`);
	const folder = path.join(HOME, 'images');
	fs.mkdirSync(folder, { recursive: true });
	for (const { binary } of itemsOf(execution, PICTURE_STEP)) {
		const file = binary?.data;
		if (!file) continue;
		const target = path.join(folder, path.basename(file.fileName ?? 'image'));
		fs.writeFileSync(target, await n8n.binaries.download(file));
		log(`  saved ${target}`);
	}
	return folder;
}

async function main() {
	const tarball = await withProgress(log, 'Building the node', async () => await packNode());
	const data = await gateway();
	const n8n = await N8n.start({
		dataDir: path.join(HOME, 'n8n'),
		port: await getPort({ host: LOOPBACK, port: 5678 }),
		owner: { ...OWNER, password: password() },
		log,
	});
	closing.push(async () => await n8n.stop());
	await withProgress(log, 'Installing the node in n8n', async () => {
		await installNode(n8n, tarball);
	});
	const credential = await saveCredential(n8n, data);
	const known = await n8n.workflows.list();
	const trial = trialWorkflow(credential);
	const { id } =
		known.find(({ name }) => name === trial.name) ?? (await n8n.workflows.create(trial));
	for (const example of exampleWorkflows(credential).values()) {
		if (!known.some(({ name }) => name === example.name)) await n8n.workflows.create(example);
	}
	const folder = await withProgress(log, 'Making a first picture', async () => {
		return await firstRun(n8n, id);
	});
	const door = await openDoor(n8n.rest.cookie, `${n8n.url}/workflow/${id}`);
	closing.push(() => door.close());
	log('');
	log(`n8n is ready: open ${door.url} in your browser (it signs you in).`);
	log(`The workflow "${trial.name}" is open to run; the examples are in your list of workflows.`);
	log(`The pictures of the first run are in ${folder}`);
	log(`To sign in by hand at ${n8n.url}: ${OWNER.email}, password ${password()}`);
	log('Press Ctrl-C to end.');
}

const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
const began = main();
began.catch(() => {});
Promise.race([stopped.then(() => 'stopped'), began.then(async () => await stopped)])
	.then(() => log('\nEnding n8n ...'))
	.catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	})
	.finally(async () => {
		await closeAll();
		process.exit();
	});
