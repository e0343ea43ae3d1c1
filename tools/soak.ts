/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console */
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStandIn, type StandIn } from '../test/standin';
import { run } from '../test/real-n8n/command';
import { descendantsOf, residentMiB } from '../test/real-n8n/processTree';
import { duration } from '../test/real-n8n/progress';
import { QueueN8n, type Worker } from '../test/real-n8n/queueN8n';
import { missingServices } from '../test/real-n8n/services';
import { pack } from '../test/real-n8n/tarball';
import { vtrix, webhookStart, workflow } from '../test/real-n8n/vtrixWorkflows';

const ROOT = path.join(__dirname, '..');

/** A whole number above 0 from the environment. */
function setting(name: string, byDefault: number) {
	const number = Number(process.env[name] ?? byDefault);
	if (!Number.isInteger(number) || number < 1) throw new Error(`${name} is not a whole number`);
	return number;
}

const MINUTES = setting('VTRIX_SOAK_MINUTES', 30);
const EXECUTIONS = setting('VTRIX_SOAK_EXECUTIONS', 5000);
/** Webhook calls that wait for their picture at one time, at most. */
const PARALLEL = setting('VTRIX_SOAK_PARALLEL', 20);
const WORKERS = setting('VTRIX_SOAK_WORKERS', 2);
const SAMPLE_MS = 5000;

/** Tasks of 3 to 12 s, twenty times as fast. */
const LATENCY_MS: [number, number] = [150, 600];

interface Sample {
	/** Since the first call. */
	minutes: number;
	miB: number;
}

/** MiB per hour by least squares. */
function slope(samples: readonly Sample[]) {
	const mean = (pick: (sample: Sample) => number) =>
		samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
	const time = mean(({ minutes }) => minutes);
	const memory = mean(({ miB }) => miB);
	const sum = (pick: (sample: Sample) => number) =>
		samples.reduce((total, sample) => total + pick(sample), 0);
	const covariance = sum(({ minutes, miB }) => (minutes - time) * (miB - memory));
	return (covariance / sum(({ minutes }) => (minutes - time) ** 2)) * 60;
}

/** Watches a worker's memory until told to stop. */
function watch({ process: { pid = 0 } }: Worker, began: number) {
	// the guard's first child is n8n itself
	const [worker] = descendantsOf(pid);
	const samples: Sample[] = [];
	const take = () => {
		samples.push({ minutes: (Date.now() - began) / 60_000, miB: residentMiB(worker) });
	};
	take();
	const timer = setInterval(take, SAMPLE_MS);
	return { samples, stop: () => clearInterval(timer) };
}

interface Tally {
	good: number;
	lost: string[];
	slowestMs: number;
}

/** Makes all calls, spread evenly over the time, and compares every picture. */
async function callAll({ main }: QueueN8n, standIn: StandIn, stopped: () => boolean) {
	const tally: Tally = { good: 0, lost: [], slowestMs: 0 };
	const headers = { 'content-type': 'application/json' };
	const began = Date.now();
	let next = 0;
	const one = async (prompt: string) => {
		const calledAt = Date.now();
		const body = JSON.stringify({ prompt });
		const response = await main.callWebhook('soak', { method: 'POST', headers, body });
		const bytes = Buffer.from(await response.arrayBuffer());
		const task = standIn.tasks.find((candidate) => candidate.prompt === prompt);
		if (task && bytes.equals(await standIn.imageBytes(task.id, 0))) tally.good++;
		else tally.lost.push(`${prompt}: HTTP ${response.status} ${bytes.toString('utf8', 0, 200)}`);
		tally.slowestMs = Math.max(tally.slowestMs, Date.now() - calledAt);
	};
	const caller = async () => {
		while (next < EXECUTIONS && !stopped()) {
			const number = next++;
			const due = began + (number * MINUTES * 60_000) / EXECUTIONS;
			await sleep(Math.max(0, due - Date.now()));
			const prompt = `Mug number ${number}`;
			await one(prompt).catch((error: unknown) => tally.lost.push(`${prompt}: ${String(error)}`));
			if (number % Math.ceil(EXECUTIONS / 20) === 0) {
				console.log(`${duration(Date.now() - began)}: ${number} calls, ${tally.lost.length} lost`);
			}
		}
	};
	await Promise.all(Array.from({ length: PARALLEL }, caller));
	return { ...tally, calls: next, tookMs: Date.now() - began };
}

async function soak(queue: QueueN8n, standIn: StandIn, stopped: () => boolean) {
	const data = { apiKey: standIn.apiKey, baseUrl: standIn.url };
	const credential = await queue.main.credentials.create('vtrixApi', data);
	const prompt = '={{ $json.body.prompt }}';
	const steps = [
		webhookStart('soak'),
		vtrix(credential, { model: 'spark_dream_5_0', prompt }, { retryOnFail: true }),
	];
	const { id } = await queue.main.workflows.create(workflow('Soak', steps));
	await queue.main.workflows.activate(id);
	const began = Date.now();
	const watches = queue.workers.map((worker) => watch(worker, began));
	const tally = await callAll(queue, standIn, stopped);
	for (const { stop } of watches) stop();
	const workers = queue.workers.map((worker, index) => {
		const { samples } = watches[index];
		const settled = samples.slice(Math.floor(samples.length / 3));
		return {
			executions: [...queue.logOf(worker).matchAll(/Worker finished execution/g)].length,
			firstMiB: Math.round(samples[0].miB),
			peakMiB: Math.round(Math.max(...samples.map(({ miB }) => miB))),
			lastMiB: Math.round(samples[samples.length - 1].miB),
			// n8n itself grows while it warms up
			slopeOfLastTwoThirdsMiBPerHour: Math.round(slope(settled)),
		};
	});
	const { creationsReceived, complaints, leaks } = standIn.stats;
	return { ...tally, creationsReceived, complaints, leaks, workers };
}

async function main() {
	const missing = missingServices();
	if (missing.length > 0) throw new Error(`Install ${missing.join(' and ')} first`);
	let interrupted = false;
	void Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => {
		interrupted = true;
	});
	const folder = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-pack-'));
	await run('npm', ['run', 'build'], { cwd: ROOT });
	const tarball = await pack(ROOT, folder);
	const standIn = await startStandIn({
		latencyMs: LATENCY_MS,
		drawing: 'scene',
		tinyImages: true,
		keepRequests: false,
		taskLimit: 2 * EXECUTIONS,
	});
	const log = (line: string) => console.log(line);
	const queue = await QueueN8n.start({ workers: WORKERS, concurrency: PARALLEL, log });
	try {
		await queue.install(tarball);
		const result = await soak(queue, standIn, () => interrupted);
		console.log(JSON.stringify(result, null, 2));
		const { lost, calls, creationsReceived, complaints, leaks } = result;
		const clean = lost.length + complaints.length + leaks.length === 0;
		if (!clean || creationsReceived !== calls) process.exitCode = 1;
	} finally {
		await queue.dispose();
		await standIn.close();
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

main()
	.catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	})
	// the wait for a signal would keep the process open
	.finally(() => process.exit());
