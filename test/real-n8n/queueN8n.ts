/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/require-node-api-error */
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { LOOPBACK } from '../support/listen';
import { end, hasEnded } from './children';
import { N8n } from './n8n';
import type { Log } from './progress';
import { startPostgres, startRedis, type Service } from './services';
import type { Tarball } from './tarball';

const READY_TIMEOUT_MS = 180_000;

/** n8n misses a lost worker within seconds instead of a minute and a half. */
const NOTICE_SOON = {
	QUEUE_WORKER_LOCK_DURATION: '6000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1500',
	QUEUE_WORKER_STALLED_INTERVAL: '2000',
};

export interface QueueOptions {
	/** n8n version; the newest tested one by default. */
	version?: string;
	/** Number of workers. Default 2. */
	workers?: number;
	/** Executions that one worker runs at a time. Default 5. */
	concurrency?: number;
	/** Whether a killed worker is missed within seconds; n8n's own time by default. */
	noticeSoon?: boolean;
	/** Further environment variables, of main and workers. */
	env?: Record<string, string>;
	log?: Log;
}

/** One worker, with a data folder of its own as on a machine of its own. */
export interface Worker {
	/** Counted from 1. */
	number: number;
	dataDir: string;
	logFile: string;
	process: ChildProcess;
}

/** n8n in queue mode on 127.0.0.1: a main, its workers, Redis and PostgreSQL. */
export class QueueN8n {
	readonly workers: Worker[] = [];

	private constructor(
		/** Everything is saved and started there. */
		readonly main: N8n,
		private readonly services: readonly Service[],
		private readonly concurrency: number,
	) {}

	/** Starts it all and waits until every worker is ready for work. */
	static async start(options: QueueOptions = {}): Promise<QueueN8n> {
		const services: Service[] = [];
		let main: N8n | undefined;
		try {
			services.push(await startRedis());
			services.push(await startPostgres());
			const env: Record<string, string> = {
				EXECUTIONS_MODE: 'queue',
				OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
				N8N_ENCRYPTION_KEY: 'the-same-for-main-and-workers',
				...(options.noticeSoon && NOTICE_SOON),
			};
			for (const service of services) Object.assign(env, service.env);
			main = await N8n.start({
				version: options.version,
				log: options.log,
				env: { ...env, ...options.env },
			});
			const queue = new QueueN8n(main, services, options.concurrency ?? 5);
			const numbers = Array.from({ length: options.workers ?? 2 }, (_, index) => index + 1);
			await Promise.all(numbers.map(async (number) => await queue.startWorker(number)));
			return queue;
		} catch (error) {
			await main?.stop();
			for (const service of services) await service.stop();
			throw error;
		}
	}

	/** Installs a package on the main, by its community-package route, and waits for all workers. */
	async install(tarball: Tarball) {
		const installed = await this.main.packages.install(tarball);
		for (const worker of this.workers) {
			const arrived = () => this.logOf(worker).includes(`package installed: ${tarball.name}`);
			await this.until(arrived, worker, 'did not get the package');
		}
		return installed;
	}

	/** Starts a worker: a further one, or one in the place of a killed one, on its data. */
	async startWorker(number: number) {
		const dataDir = path.join(this.main.dataDir, `worker-${number}`);
		const logFile = path.join(dataDir, 'n8n.log');
		fs.mkdirSync(dataDir, { recursive: true });
		const port = String(await getPort({ host: LOOPBACK }));
		const process = await this.main.spawn(['worker', `--concurrency=${this.concurrency}`], {
			logFile,
			env: {
				N8N_USER_FOLDER: dataDir,
				N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				QUEUE_HEALTH_CHECK_PORT: port,
			},
		});
		const worker: Worker = { number, dataDir, logFile, process };
		this.workers[number - 1] = worker;
		const ready = async () => {
			const health = fetch(`http://127.0.0.1:${port}/healthz/readiness`);
			return await health.then(
				({ ok }) => ok,
				() => false,
			);
		};
		await this.until(ready, worker, 'does not get ready');
	}

	/** All that a worker has logged. */
	logOf({ logFile }: Worker) {
		return fs.existsSync(logFile) ? fs.readFileSync(logFile, 'utf8') : '';
	}

	/** The worker that an execution was given to; waits until one has it. */
	async workerOf(executionId: string): Promise<Worker> {
		const line = new RegExp(`Worker started execution ${executionId} `);
		for (let tries = 0; tries < 200; tries++) {
			const worker = this.workers.find((candidate) => line.test(this.logOf(candidate)));
			if (worker) return worker;
			await sleep(100);
		}
		throw new Error(`No worker has execution ${executionId}`);
	}

	/** Kills a worker in the middle of whatever it does. */
	async kill(worker: Worker) {
		await end(worker.process, 'SIGKILL');
	}

	/** Ends n8n, PostgreSQL and Redis, and deletes all their data. */
	async dispose() {
		await this.main.dispose();
		for (const service of this.services) await service.stop();
	}

	private async until(
		check: () => boolean | Promise<boolean>,
		{ number, logFile, process }: Worker,
		problem: string,
	) {
		const deadline = Date.now() + READY_TIMEOUT_MS;
		while (!(await check())) {
			if (hasEnded(process) || Date.now() > deadline) {
				throw new Error(`Worker ${number} ${problem}:\n${this.main.tail(40, logFile)}`);
			}
			await sleep(200);
		}
	}
}
