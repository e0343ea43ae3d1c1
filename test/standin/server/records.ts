/** Times in ms since 1970. */
export interface RequestRecord {
	time: number;
	/** When the answer was sent or the connection ended. */
	endedAt?: number;
	/** Where its beginning and its end stand among those of all requests, whatever the clock says. */
	order: number;
	endOrder?: number;
	server: 'gateway' | 'cdn' | 'mirror' | 'spec';
	kind: 'create' | 'poll' | 'download' | 'spec' | 'other';
	method: string;
	/** Path and query as received. */
	url: string;
	/** Selected ones; the right key is shown as "Bearer ***". */
	headers: Record<string, string>;
	/** Status sent; absent while there was no answer. */
	status?: number;
	/** Whether the whole answer went out. */
	answered: boolean;
	/** Type of the fault that met it. */
	fault?: string;
	taskId?: string;
	imageIndex?: number;
	/** Of a creation: what was sent, image data shortened to size and hash. */
	body?: unknown;
}

export interface StandInStats {
	creationsReceived: number;
	/** Tasks created. */
	creationsAccepted: number;
	completed: number;
	failed: number;
	/** Tasks created whose end no answer has told yet, and the most of them at one time. */
	openTasks: number;
	peakOpenTasks: number;
	/** USD of all completed tasks. */
	cost: number;
	requests: Record<RequestRecord['kind'], number>;
	/** Number of answers by kind and status, such as "poll 200"; "poll none" is no answer at all. */
	statuses: Record<string, number>;
	/** How often each type of fault happened. */
	faults: Record<string, number>;
	complaints: string[];
	leaks: string[];
}

const MOST_MESSAGES = 1000;

/** Counts and keeps what happened. Requests are only kept when asked for. */
export class Records {
	requests: RequestRecord[] = [];
	private counts = emptyStats();
	private order = 0;

	constructor(private readonly keepRequests: boolean) {}

	get complaints(): string[] {
		return this.counts.complaints;
	}

	get leaks(): string[] {
		return this.counts.leaks;
	}

	get stats(): StandInStats {
		return structuredClone(this.counts);
	}

	request(known: Omit<RequestRecord, 'order'>): RequestRecord {
		const record = { ...known, order: (this.order += 1) };
		this.counts.requests[record.kind] += 1;
		if (record.kind === 'create') this.counts.creationsReceived += 1;
		if (this.keepRequests) this.requests.push(record);
		return record;
	}

	/** Number of requests of this kind so far. */
	occurrences(kind: RequestRecord['kind']): number {
		return this.counts.requests[kind];
	}

	ended(record: RequestRecord): void {
		const { kind, status } = record;
		record.endOrder = this.order += 1;
		count(this.counts.statuses, `${kind} ${status ?? 'none'}`);
	}

	fault(record: RequestRecord, type: string): void {
		record.fault = record.fault === undefined ? type : `${record.fault} ${type}`;
		count(this.counts.faults, type);
	}

	complain(message: string): void {
		if (this.complaints.length < MOST_MESSAGES) this.complaints.push(message);
	}

	leak(message: string): void {
		if (this.leaks.length < MOST_MESSAGES) this.leaks.push(message);
	}

	taskCreated(): void {
		this.counts.creationsAccepted += 1;
		this.counts.openTasks += 1;
		this.counts.peakOpenTasks = Math.max(this.counts.peakOpenTasks, this.counts.openTasks);
	}

	taskEnded(outcome: 'completed' | 'failed', cost: number): void {
		this.counts.openTasks -= 1;
		this.counts[outcome] += 1;
		this.counts.cost = Math.round((this.counts.cost + cost) * 1e6) / 1e6;
	}

	reset(): void {
		this.requests = [];
		this.counts = emptyStats();
	}
}

function emptyStats(): StandInStats {
	return {
		creationsReceived: 0,
		creationsAccepted: 0,
		completed: 0,
		failed: 0,
		openTasks: 0,
		peakOpenTasks: 0,
		cost: 0,
		requests: { create: 0, poll: 0, download: 0, spec: 0, other: 0 },
		statuses: {},
		faults: {},
		complaints: [],
		leaks: [],
	};
}

function count(counts: Record<string, number>, key: string): void {
	counts[key] = (counts[key] ?? 0) + 1;
}
