import type { DownloadLimit } from '../download/downloadLimit';
import type { ByteLimit } from '../exchange/throttling/byteLimit';
import type { Client } from '../exchange/client';
import type { CreationLimit } from '../exchange/throttling/creationLimit';
import type { AdviceFor } from '../exchange/refusedError';
import type { TaskDurations } from '../polling/taskDurations';
import type { Clock } from '../exchange/http/http';
import type { Ledger } from './ledger';
import type { PublicFetch } from '../exchange/publicFetch';
import type { Spending } from './spending';

/** What all items of one node run share. */
export interface RunContext {
	client: Client;
	/** How many tasks may be under way. */
	creationLimit: CreationLimit;
	clock: Clock;
	/** Aborted when the run is stopped. */
	signal?: AbortSignal;
	/** 0 to 1, for jitter. */
	random: () => number;
	ledger: Ledger;
	/** Distinguishes this execution from a later retry of it. */
	executionId: string;
	durations: TaskDurations;
	spending: Spending;
	/** Durations of the run's finished tasks, from which the others are polled. */
	progress: RunProgress;
	publicFetch: PublicFetch;
	/** Bounds the input files being read at a time, for the whole run. */
	fileReading: ByteLimit;
	/** Bounds the downloads at a time, for the whole run. */
	downloadLimit: DownloadLimit;
	/** Advice for an error code that the API documents. */
	adviceFor: AdviceFor;
	/** Log for operators: which tasks were created. */
	log: (message: string, details: LogDetails) => void;
	/** Log for debugging: when each task is polled, and by which rule. */
	debug: (message: string, details: LogDetails) => void;
}

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
