import type { IExecuteFunctions } from 'n8n-workflow';
import { ByteLimit, MEMORY_BYTES } from '../../core/shared/byteLimit';
import { Client } from '../../core/exchange/client';
import { RunThrottle, type Throttle } from '../../core/exchange/throttling/throttle';
import { DownloadLimit } from '../../core/download/downloadLimit';
import type {
	Connection,
	CreationContext,
	CreationRun,
	LogDetails,
	RunContext,
	RunProgress,
} from '../../core/pipeline/runContext';
import { LinkChecks } from '../../core/request/checkImageUrl';
import { ObservedTasks, TaskDurations } from '../../core/polling/taskDurations';
import { SpendingLimit } from '../../core/pipeline/spending';
import type { Concurrency } from '../../core/pipeline/workThrough';
import { findErrorAdvice } from '../../models';
import type { NodeOptions } from '../form/options';
import { mostAtATime } from '../input/readOptions';
import { readCredential, type Credential } from './credential';
import { openLedger } from './openLedger';
import { assertFirstStart } from './secondStart';
import { apiTransport, publicTransport, realClock, throttles } from './transport';

/** Items that begin before any credential is read. */
const FIRST_ITEMS = 10;

/** A run of the node. */
export interface Run<ItemRun extends RunContext> {
	signal: AbortSignal | undefined;
	progress: RunProgress;
	/** How many items the service takes at the same time, by all of their credentials. */
	concurrency: Concurrency;
	/**
	 * What one item needs; items with the same credential share a connection.
	 *
	 * @throws what reading the item's credential throws
	 */
	forItem(itemIndex: number): Promise<ItemRun>;
}

/** Sets up a run that only fetches tasks. */
export function createRun(
	context: IExecuteFunctions,
	options: Pick<NodeOptions, 'maxConcurrency' | 'maxPollsPerSecond' | 'spendingLimit'>,
): Run<RunContext> {
	const signal = context.getExecutionCancelSignal();
	const shared = { clock: realClock(signal), random: Math.random, ...(signal && { signal }) };
	const progress = { stopCreating: false, itemsNotStarted: context.getInputData().length };
	const ofRun = {
		...shared,
		progress,
		downloadLimit: new DownloadLimit(),
		adviceFor: findErrorAdvice,
		log: (message: string, details: LogDetails) => context.logger.info(message, details),
		debug: (message: string, details: LogDetails) => context.logger.debug(message, details),
	};
	const limits = {
		maxTasks: mostAtATime(options),
		maxPollsPerSecond: options.maxPollsPerSecond || Infinity,
		...(signal && { signal }),
	};
	const connect = ({ data, baseUrl, redact }: Credential, key: Throttle): Connection => {
		const http = {
			api: apiTransport(context, baseUrl, data),
			fetch: publicTransport(context),
		};
		const throttle = new RunThrottle(key, limits);
		const queue = {
			/** Items that wait for the end of a task before their own can be created. */
			get itemsNotStarted() {
				return progress.itemsNotStarted + throttle.heldBack;
			},
		};
		const { adviceFor } = ofRun;
		return {
			client: new Client({ ...shared, http, throttle, redact, adviceFor }),
			throttle,
			durations: new TaskDurations(throttle, queue, ObservedTasks.of(key)),
			publicFetch: { ...shared, http, baseUrl, redact },
		};
	};
	const connections = new Map<Throttle, Connection>();
	const listeners: Array<() => void> = [];
	const connectionFor = (credential: Credential): Connection => {
		const key = throttles().of(credential);
		const known = connections.get(key);
		if (known) return known;
		const made = connect(credential, key);
		connections.set(key, made);
		made.throttle.onChange(() => listeners.forEach((listener) => listener()));
		return made;
	};
	const itemRuns: Array<Promise<RunContext>> = [];
	const read = async (itemIndex: number): Promise<RunContext> => ({
		...ofRun,
		...connectionFor(await readCredential(context, itemIndex)),
	});
	return {
		signal,
		progress,
		concurrency: {
			get allowed() {
				const allowed = [...connections.values()].map(({ throttle }) => throttle.allowed);
				const taken = allowed.reduce((sum, one) => sum + one, 0);
				return Math.min(mostAtATime(options), taken || FIRST_ITEMS);
			},
			onChange: (listener) => void listeners.push(listener),
		},
		forItem: async (itemIndex) => await (itemRuns[itemIndex] ??= read(itemIndex)),
	};
}

/** Sets up a run that creates tasks. */
export function createCreationRun(
	context: IExecuteFunctions,
	options: Pick<NodeOptions, 'maxConcurrency' | 'maxPollsPerSecond' | 'spendingLimit'>,
): Run<CreationContext> & CreationRun {
	const run = createRun(context, options);
	const { ledger, spending } = openLedger(context);
	const creating: CreationRun = {
		ledger,
		assertFirstStart: async () => await assertFirstStart(context),
		spendingLimit: new SpendingLimit(spending, options.spendingLimit, realClock(run.signal)),
		// n8n's database store holds each file that it reads.
		fileReading: new ByteLimit(MEMORY_BYTES),
		linkChecks: new LinkChecks(),
	};
	return {
		...run,
		...creating,
		forItem: async (itemIndex) => ({ ...(await run.forItem(itemIndex)), ...creating }),
	};
}
