/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/require-node-api-error */
import fs from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { run } from '../../test/real-n8n/command';
import { errorOf, type Execution } from '../../test/real-n8n/execution';
import { N8n } from '../../test/real-n8n/n8n';
import { pack, type Tarball } from '../../test/real-n8n/tarball';
import type { WorkflowFile } from '../../test/real-n8n/workflows';
import type { RunningOptions, TaskRecord } from '../../test/standin';
import { processIn, ProcessWatch, type Usage } from './processWatch';
import { startStandInProcess, type StandInProcess } from './standInProcess';
import { TRIGGER, type Access } from './workflows';

const LOOK_EVERY_MS = 200;
const PATIENCE_MS = 15 * 60_000;
/** V8 gives back what it does not need some seconds after the last work; only then n8n is idle. */
export const CALM_MS = 12_000;
/** Undoes what the run before has set. */
const PLAIN: RunningOptions = {
	progress: true,
	tinyImages: false,
	imageBytesSize: 1,
	limits: {},
};

/** What a run is measured with instead of the usual, so that one table can stand beside another. */
const settings = z
	.object({
		/** An n8n version. */
		BENCH_N8N: z.string().optional(),
		/** Where n8n keeps binary data. */
		BENCH_MODE: z.enum(['filesystem', 'database', 'default']).default('filesystem'),
		/** Room for n8n's JavaScript heap, megabytes. */
		BENCH_HEAP_MB: z.coerce.number().optional(),
		/** Folder of another checkout of this package with its dependencies, such as an earlier commit. */
		BENCH_PACKAGE: z.string().default(path.join(__dirname, '..', '..')),
	})
	.parse(process.env);

const UNFINISHED = new Set(['new', 'running', 'waiting']);
const summaries = z.object({ results: z.array(z.object({ status: z.string() })) });

/** What one run of a workflow left behind. */
export interface Observed extends Usage {
	execution: Execution;
	tasks: TaskRecord[];
	/** Number of answers by kind and status, such as "poll 200". */
	statuses: Record<string, number>;
	/** The most polls within any second. */
	busiestSecond: number;
	/** The longest that n8n took to say that it is alive, asked once a second, ms. */
	longestAnswerMs: number;
}

/** A real n8n with the packed node in it, and a stand-in of the API beside it. */
export class Lab {
	private constructor(
		readonly n8n: N8n,
		readonly standIn: StandInProcess,
		readonly access: Access,
		readonly tarball: Tarball,
		private readonly folder: string,
	) {}

	/** Builds and packs the node, starts both servers and installs the node the way a user does. */
	static async open(log: (line: string) => void): Promise<Lab> {
		const { BENCH_N8N, BENCH_MODE, BENCH_HEAP_MB, BENCH_PACKAGE } = settings;
		log('Building the node ...');
		await run('npm', ['run', 'build'], { cwd: BENCH_PACKAGE });
		const folder = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-bench-'));
		const tarball = await pack(BENCH_PACKAGE, folder);
		const standIn = await startStandInProcess();
		try {
			const n8n = await N8n.start({
				version: BENCH_N8N,
				binaryMode: BENCH_MODE,
				...(BENCH_HEAP_MB && { env: { NODE_OPTIONS: `--max-old-space-size=${BENCH_HEAP_MB}` } }),
				log,
			});
			try {
				await n8n.packages.install(tarball);
				const access = await createAccess(n8n, standIn);
				return new Lab(n8n, standIn, access, tarball, folder);
			} catch (error) {
				await n8n.dispose();
				throw error;
			}
		} catch (error) {
			await standIn.close();
			throw error;
		}
	}

	/**
	 * Runs a workflow until all of its images are delivered.
	 *
	 * @param calmMs how long n8n's memory has to be calm before, for runs whose memory is looked at
	 */
	async run(
		workflow: WorkflowFile,
		images: number,
		options: RunningOptions,
		calmMs = 0,
	): Promise<Observed> {
		const { n8n, standIn } = this;
		const { id } = await n8n.workflows.create(workflow);
		await standIn.reset();
		await standIn.configure({ ...PLAIN, ...options });
		const watch = await ProcessWatch.start(processIn(n8n.dataDir), calmMs);
		const executionId = await n8n.executions.start(id, TRIGGER);
		// n8n is hardly asked meanwhile, since answering is work that would be counted
		const answers = watchAnswers(`${n8n.url}/healthz`);
		await this.delivered(images);
		await this.ended(id);
		const longestAnswerMs = answers.stop();
		const usage = watch.stop();
		const execution = await n8n.executions.wait(executionId);
		if (execution.status !== 'success') {
			throw new Error(`${workflow.name} ended as ${execution.status}: ${errorOf(execution)}`);
		}
		const polls = (await standIn.requests()).filter(({ kind }) => kind === 'poll');
		return {
			execution,
			tasks: await standIn.tasks(),
			statuses: (await standIn.stats()).statuses,
			busiestSecond: busiest(polls.map(({ time }) => time)),
			longestAnswerMs,
			...usage,
		};
	}

	/**
	 * Calls a workflow's webhook so many times at once, and waits until all of the images are
	 * delivered, one for each call.
	 *
	 * @param workflow one whose trigger is the webhook of this path
	 * @param n8n the one whose webhook it is, this lab's own by default
	 */
	async burst(
		workflow: WorkflowFile,
		path: string,
		calls: number,
		options: RunningOptions,
		n8n = this.n8n,
	): Promise<Pick<Observed, 'tasks' | 'statuses'>> {
		const { standIn } = this;
		const { id } = await n8n.workflows.create(workflow);
		await n8n.workflows.activate(id);
		await standIn.reset();
		await standIn.configure({ ...PLAIN, ...options });
		await Promise.all(Array.from({ length: calls }, async () => await n8n.callWebhook(path)));
		await this.delivered(calls);
		await this.ended(id, n8n);
		return { tasks: await standIn.tasks(), statuses: (await standIn.stats()).statuses };
	}

	/** What workflows of another n8n need; of this lab's own it is there already. */
	async accessOf(n8n: N8n): Promise<Access> {
		return n8n === this.n8n ? this.access : await createAccess(n8n, this.standIn);
	}

	/** Starts n8n anew without the files of earlier runs, so that no run inherits memory or a full disk. */
	async freshN8n(): Promise<void> {
		await this.n8n.stop();
		const home = path.join(this.n8n.dataDir, '.n8n');
		for (const store of ['binaryData', 'storage']) {
			fs.rmSync(path.join(home, store), { recursive: true, force: true });
		}
		await this.n8n.restart();
	}

	async close(): Promise<void> {
		await this.n8n.dispose();
		await this.standIn.close();
		fs.rmSync(this.folder, { recursive: true, force: true });
	}

	private async delivered(images: number): Promise<void> {
		const deadline = Date.now() + PATIENCE_MS;
		for (;;) {
			const { statuses, complaints } = await this.standIn.stats();
			if (complaints.length > 0) throw new Error(`The stand-in complains: ${complaints[0]}`);
			if ((statuses['download 200'] ?? 0) >= images) return;
			if (Date.now() > deadline) throw new Error('The images do not come');
			await sleep(LOOK_EVERY_MS);
		}
	}

	/** Asks for the summary alone: the whole execution with its data would cost n8n memory. */
	private async ended(workflowId: string, n8n = this.n8n): Promise<void> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		for (;;) {
			const { results } = await n8n.rest.call('GET', `/executions?filter=${filter}`, summaries);
			if (results.every(({ status }) => !UNFINISHED.has(status))) return;
			await sleep(LOOK_EVERY_MS);
		}
	}
}

/** Asks an address once a second until stopped; `stop` gives the longest time to an answer, ms. */
function watchAnswers(url: string): { stop(): number } {
	let longest = 0;
	let isStopped = false;
	const ask = async () => {
		while (!isStopped) {
			const before = performance.now();
			// a connection of its own: n8n closes one that it was too busy to hear from
			await new Promise((resolve, reject) => {
				const request = http.get(url, { agent: false }, (answer) => resolve(answer.resume()));
				request.on('error', reject);
			});
			longest = Math.max(longest, performance.now() - before);
			await sleep(1000);
		}
	};
	void ask().catch(() => (longest = Infinity));
	return {
		stop() {
			isStopped = true;
			return longest;
		},
	};
}

async function createAccess({ credentials }: N8n, standIn: StandInProcess): Promise<Access> {
	const { apiKey, url } = standIn;
	const header = { name: 'Authorization', value: `Bearer ${apiKey}` };
	return {
		url,
		vtrix: await credentials.create('vtrixApi', { apiKey, baseUrl: url }),
		header: await credentials.create('httpHeaderAuth', header),
	};
}

/** The most of these times (ms, ascending) that fall within one second. */
export function busiest(times: readonly number[]): number {
	let most = 0;
	let from = 0;
	for (const [to, time] of times.entries()) {
		while (time - times[from] >= 1000) from += 1;
		most = Math.max(most, to - from + 1);
	}
	return most;
}
