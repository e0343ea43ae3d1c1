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
	throttle: RunThrottle;
	durations: TaskDurations;
	publicFetch: PublicFetch;
}

/** What an item needs to fetch a task; all but the connection is the run's. */
export interface RunContext extends Connection {
	clock: Clock;
	signal?: AbortSignal;
	random: () => number;
	progress: RunProgress;
	downloadLimit: DownloadLimit;
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
	fileReading: ByteLimit;
	linkChecks: LinkChecks;
}

/** What an item needs to create a task. */
export type CreationContext = RunContext & CreationRun;

/** Values of a line in n8n's log, by name; never the key. */
export type LogDetails = Record<string, string | number>;

/** The run's progress over its items. */
export interface RunProgress {
	/** Set when an item's failure ends the run: no further task is created. */
	stopCreating: boolean;
	itemsNotStarted: number;
}

/** How one item wants its task watched and its images delivered. */
export interface TaskOptions {
	wait: boolean;
	timeoutMs: number;
	/** Milliseconds between two polls; absent to adapt to the task. */
	intervalMs?: number;
	downloadImages: boolean;
	maxBytes: number;
}
