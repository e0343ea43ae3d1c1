import { z } from 'zod/v3';
import type { ErrorDetails } from '../shared/errors';

const entrySchema = z.object({
	/** Run and item that it belongs to, as `run:item`. */
	place: z.string(),
	/** The execution that worked on it last. */
	executionId: z.string(),
	/** Digest of what cannot be random: the fields as saved, and the input item. */
	source: z.string(),
	/** Digest of the request as sent, images included. */
	request: z.string().optional(),
	model: z.string().optional(),
	/** What was sent, without image data; absent if it is long. */
	params: z.record(z.string(), z.unknown()).optional(),
	taskId: z.string().min(1).optional(),
	/** When the task was created, ms since the epoch by this machine's clock. */
	createdAt: z.number().optional(),
	idFrom: z.enum(['task_id', 'request_id']).optional(),
	/** Whether the task failed, though it was charged: it is only kept to be told. */
	isLost: z.boolean().optional(),
	/** What the ended task cost, USD; null if that was not reported. */
	cost: z.number().nullable().optional(),
	/** Why it is not known whether a task was created, as a sentence, and what was answered. */
	unknown: z
		.object({
			reason: z.string(),
			details: z.object({
				taskIds: z.array(z.string()).optional(),
				code: z.string().optional(),
				httpStatus: z.number().optional(),
				requestId: z.string().optional(),
			}),
		})
		.optional(),
});

const costsSchema = z
	.object({
		/** What ended tasks have cost, USD. */
		spent: z.number(),
		/** How many tasks that is. */
		charged: z.number(),
		/** Ended tasks whose cost was not reported. */
		unreported: z.number(),
		/** Tasks that are not followed any more, before their cost was known. */
		unsettled: z.number(),
	})
	.catch({ spent: 0, charged: 0, unreported: 0, unsettled: 0 });

/** A creation that was sent: its task, or that its outcome is unknown. */
export type Entry = Omit<z.output<typeof entrySchema>, 'unknown'> & {
	unknown?: { reason: string; details: ErrorDetails };
};

/** The form of version 0.1: the digest of the request stands in the key. */
const firstVersionSchema = z
	.object({ taskId: z.string().min(1), createdAt: z.number(), idFrom: entrySchema.shape.idFrom })
	.or(
		z.object({ uncertainIn: z.string() }).transform(({ uncertainIn }) => ({
			executionId: uncertainIn,
			unknown: { reason: 'An earlier try did not learn the outcome.', details: {} },
		})),
	);

function parseEntry(key: string, stored: unknown): Entry | undefined {
	const entry = entrySchema.safeParse(stored).data;
	if (entry) return entry;
	const [run, item, request] = key.split(':');
	const first = firstVersionSchema.safeParse(stored).data;
	return first && request !== undefined
		? { executionId: '', source: '', ...first, place: `${run}:${item}`, request }
		: undefined;
}

/**
 * What one execution has paid for and not delivered yet. It is stored in the execution's own data,
 * so it survives a retry of the node or of the execution, and other executions don't see it. Runs
 * of the node at the same time, as an agent's tool, share one.
 */
export class Ledger {
	/** What is stored; only this class writes to it. */
	readonly stored: Record<string, Entry> = {};
	/** Entries that a run is working on. */
	readonly inUse = new Set<Entry>();
	private readonly keys = new Map<Entry, string>();
	private added = 0;

	/** What the execution's tasks have cost; stored beside the entries. */
	readonly costs: z.output<typeof costsSchema>;

	/**
	 * @param stored the entries that an earlier try has left
	 * @param costs what it has left of the costs
	 */
	constructor(stored: Readonly<Record<string, unknown>>, costs?: unknown) {
		this.costs = { ...costsSchema.parse(costs) };
		for (const [key, value] of Object.entries(stored)) {
			const entry = parseEntry(key, value);
			if (entry) this.add(entry);
		}
	}

	get entries(): Entry[] {
		return [...this.keys.keys()];
	}

	has(entry: Entry): boolean {
		return this.keys.has(entry);
	}

	add(entry: Entry): void {
		const key = String(this.added++);
		this.stored[key] = entry;
		this.keys.set(entry, key);
	}

	/** Whether an entry's task may still be charged. */
	isUnsettled(entry: Entry): boolean {
		return this.has(entry) && entry.cost === undefined;
	}

	/** Removes an entry that nobody will ask for. */
	forget(entry: Entry): void {
		if (this.isUnsettled(entry)) this.costs.unsettled += 1;
		this.remove(entry);
	}

	/** Removes the entry of a task that costs nothing any more. */
	remove(entry: Entry): void {
		delete this.stored[this.keys.get(entry) ?? ''];
		this.keys.delete(entry);
		this.inUse.delete(entry);
	}
}

/** One run of the node, as the ledger tells it from others. */
export interface LedgerRun {
	/** Tells the rounds of a loop apart. */
	runIndex: number;
	/** Tells a retry of the execution from the execution itself. */
	executionId: string;
	/** Whether an agent calls the node: each of its tries then has a run index of its own. */
	isToolCall: boolean;
	/** Digest of an item's fields as saved, and of the item. */
	sourceOf: (itemIndex: number) => string;
}

/**
 * The ledger as one run of the node sees it.
 *
 * Within an execution, run and item decide which entry is an item's: expressions may give other
 * values in each try. In a retry of the execution, and between the tries of a tool call, the entry
 * of the same saved fields and input is taken over, or else that of the same request.
 */
export class RunLedger {
	private readonly claims = new Map<number, Claim>();
	/** Entries of this run by their places, also from earlier tries. */
	private readonly own = new Map<string, Entry[]>();
	/** Entries that an item of this run may take over. */
	private readonly candidates: () => readonly Entry[];

	constructor(
		private readonly ledger: Ledger,
		private readonly run: LedgerRun,
	) {
		if (run.isToolCall) {
			this.candidates = () => ledger.entries;
			return;
		}
		const earlier: Entry[] = [];
		for (const entry of ledger.entries) {
			if (entry.executionId !== run.executionId) earlier.push(entry);
			else if (entry.place.startsWith(`${run.runIndex}:`)) this.keep(entry);
			// Rounds follow one another, so an earlier one is never tried again.
			else ledger.forget(entry);
		}
		this.candidates = () => earlier;
	}

	/** Finds what is paid for an item, and keeps other items from it until `release`. */
	claim(itemIndex: number): Claim {
		const known = this.claims.get(itemIndex);
		if (known) return known;
		const { executionId, sourceOf } = this.run;
		const place = this.placeOf(itemIndex);
		const origin = { place, executionId, source: sourceOf(itemIndex) };
		const claim = new Claim(itemIndex, this.ledger, {
			origin,
			candidates: this.candidates,
			keep: (entry) => this.keep(entry),
		});
		claim.begin(this.entriesAt(place));
		this.claims.set(itemIndex, claim);
		return claim;
	}

	/** What this run and earlier tries of it have paid for. */
	get paid(): Paid {
		return paidBy(this.entries);
	}

	/** What is paid for an item, also by earlier tries. */
	paidFor(itemIndex: number): Paid {
		return paidBy(this.entriesAt(this.placeOf(itemIndex)));
	}

	/**
	 * Forgets what this run has paid for, since it will not be tried again.
	 *
	 * @param incomplete items of which something is missing: an agent may call for them again
	 */
	close(incomplete: readonly number[] = []): void {
		const kept = new Set(this.run.isToolCall ? incomplete.map((item) => this.placeOf(item)) : []);
		for (const entry of this.entries) {
			if (!kept.has(entry.place)) this.ledger.forget(entry);
		}
	}

	/** Lets a later tool call take over what this one has not delivered. */
	release(): void {
		for (const entry of this.entries) this.ledger.inUse.delete(entry);
	}

	private get entries(): Entry[] {
		return [...this.own.keys()].flatMap((place) => this.entriesAt(place));
	}

	private entriesAt(place: string): Entry[] {
		return (this.own.get(place) ?? []).filter((entry) => this.ledger.has(entry));
	}

	private keep(entry: Entry): void {
		this.own.set(entry.place, [...(this.own.get(entry.place) ?? []), entry]);
		this.ledger.inUse.add(entry);
	}

	private placeOf(itemIndex: number): string {
		return `${this.run.runIndex}:${itemIndex}`;
	}
}

/** What a claim needs of its run. */
interface ClaimParts {
	origin: Pick<Entry, 'place' | 'executionId' | 'source'>;
	candidates: () => readonly Entry[];
	/** Makes an entry one of the run's. */
	keep: (entry: Entry) => void;
}

/** What an execution has paid for one item of a run. */
export class Claim {
	/** Absent while nothing is paid for. */
	entry: Entry | undefined;

	constructor(
		/** The item, from 0. */
		readonly itemIndex: number,
		private readonly ledger: Ledger,
		private readonly parts: ClaimParts,
	) {}

	/** Takes the item's own entry, or that of the same saved fields and input. */
	begin(own: readonly Entry[]): void {
		this.entry = own.find(({ isLost }) => !isLost);
		if (own.length > 0) return;
		const isSame = ({ source }: Entry) => source === this.parts.origin.source;
		for (const entry of this.free(isSame)) {
			if (entry.isLost) this.adopt(entry);
		}
		this.takeOver(isSame);
	}

	/** Takes over the entry of an earlier try that sent this very request. */
	takeOverSame(request: string): void {
		this.takeOver((entry) => entry.request === request);
	}

	private free(matches: (entry: Entry) => boolean): Entry[] {
		const { ledger, parts } = this;
		return parts
			.candidates()
			.filter((entry) => matches(entry) && ledger.has(entry) && !ledger.inUse.has(entry));
	}

	private takeOver(matches: (entry: Entry) => boolean): void {
		const { place, executionId } = this.parts.origin;
		const free = this.free((entry) => !entry.isLost && matches(entry));
		const found = free.find((entry) => entry.place === place) ?? free[0];
		if (!found) return;
		// Whoever retries an execution by hand has decided to create what had an unknown outcome.
		if (found.executionId !== executionId && found.taskId === undefined) {
			this.ledger.forget(found);
			return;
		}
		this.entry = this.adopt(found);
	}

	private adopt(entry: Entry): Entry {
		this.parts.keep(Object.assign(entry, this.parts.origin));
		return entry;
	}

	/** Notes what has become of the item's creation. */
	note({ unknown, ...fields }: Partial<Entry>): Entry {
		this.entry ??= this.added();
		// only what can be stored, of an error as well
		const kept = unknown && { reason: unknown.reason, details: { ...unknown.details } };
		return Object.assign(this.entry, fields, kept && { unknown: kept });
	}

	private added(): Entry {
		const entry: Entry = { ...this.parts.origin };
		this.ledger.add(entry);
		this.parts.keep(entry);
		return entry;
	}

	/**
	 * Lets a retry create the task again, since this one failed at the provider.
	 *
	 * @param isCharged whether it was charged all the same
	 */
	fail(isCharged: boolean): void {
		if (this.entry && isCharged) this.entry.isLost = true;
		else if (this.entry) this.ledger.remove(this.entry);
		this.entry = undefined;
	}
}

/** What entries know of. */
export interface Paid {
	/** Tasks whose images a retry fetches. */
	taskIds: readonly string[];
	/** Tasks that were charged and failed. */
	lost: readonly string[];
	/** Why it is not known of some creations whether a task came of them, as sentences. */
	unknown: readonly string[];
}

const paidBy = (entries: readonly Entry[]): Paid => ({
	taskIds: entries.flatMap((entry) => (entry.isLost ? [] : namedIn(entry))),
	lost: entries.flatMap((entry) => (entry.isLost ? namedIn(entry) : [])),
	unknown: entries.flatMap(({ unknown, isLost }) => (isLost ? [] : (unknown?.reason ?? []))),
});

const namedIn = ({ taskId, unknown }: Entry): string[] => [
	...new Set([...(taskId === undefined ? [] : [taskId]), ...(unknown?.details.taskIds ?? [])]),
];
