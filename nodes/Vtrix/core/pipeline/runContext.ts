import type { DownloadLimit } from '../download/downloadLimit';
import type { ByteLimit } from '../shared/byteLimit';
import type { Client } from '../exchange/client';
import type { RunThrottle } from '../exchange/throttling/throttle';
import type { AdviceFor } from '../exchange/refusedError';
import type { TaskDurations } from '../polling/taskDurations';
import type { Clock } from '../exchange/http/http';
import type { RunLedger } from './runLedger';
import type { PublicFetch } from '../exchange/publicFetch';
import type { LinkChecks } from '../request/checkImageUrl';
import type { SpendingLimit } from './spending';

/** What the items with one credential share: their way to the service, and what it takes. */
export interface Connection {
	client: Client;
	/** How many tasks and polls may be under way. */
	throttle: RunThrottle;
	/** Durations of finished tasks, from which the others are polled. */
	durations: TaskDurations;
	publicFetch: PublicFetch;
}

/** What an item needs to fetch a task; all but the connection is the run's. */
export interface RunContext extends Connection {
	clock: Clock;
	/** Aborted when the run is stopped. */
	signal?: AbortSignal;
	/** 0 to 1, for jitter. */
	random: () => number;
	/** How many items have not begun, and whether creating has stopped. */
	progress: RunProgress;
	/** Bounds the downloads at a time, for the whole run. */
	downloadLimit: DownloadLimit;
	/** Advice for an error code that the API documents. */
	adviceFor: AdviceFor;
	/** Log for operators: which tasks were created. */
	log: (message: string, details: LogDetails) => void;
	/** Log for debugging: when each task is polled, and by which rule. */
	debug: (message: string, details: LogDetails) => void;
}

/** What the items of a run that creates tasks share beside it. */
export interface CreationRun {
	ledger: RunLedger;
	spendingLimit: SpendingLimit;
	/** Rejects if an earlier start of this execution has created tasks that are not known here. */
	assertFirstStart: () => Promise<void>;
	/** Bounds the input files being read at a time, for the whole run. */
	fileReading: ByteLimit;
	linkChecks: LinkChecks;
}

/** What an item needs to create a task. */
export type CreationContext = RunContext & CreationRun;

/** Values beside a log message. */
export type LogDetails = Record<string, string | number>;

/** The run's progress over its items. */
export interface RunProgress {
	/** Set when an item's failure ends the run: no further task is created. */
	stopCreating: boolean;
	/** How many items have not begun yet. */
	itemsNotStarted: number;
}

/** How one item wants its task watched and its images delivered. */
export interface TaskOptions {
	/** Whether to wait for the task's end. */
	wait: boolean;
	/** Longest wait for the task's end, milliseconds. */
	timeoutMs: number;
	/** Milliseconds between two polls; absent to adapt to the task. */
	intervalMs?: number;
	/** Whether to fetch the images, or to hand on their links. */
	downloadImages: boolean;
	/** Largest image to fetch, bytes. */
	maxBytes: number;
}
