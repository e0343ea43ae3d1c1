import type { Entry, Ledger } from './ledger';

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

	get paid(): Paid {
		return paidBy(this.entries);
	}

	paidFor(itemIndex: number): Paid {
		return paidBy(this.entriesAt(this.placeOf(itemIndex)));
	}

	/** @param incomplete items of which something is missing: an agent may call for them again */
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

interface ClaimParts {
	origin: Pick<Entry, 'place' | 'executionId' | 'source'>;
	candidates: () => readonly Entry[];
	keep: (entry: Entry) => void;
}

/** What an execution has paid for one item of a run. */
export class Claim {
	/** Absent while nothing is paid for. */
	entry: Entry | undefined;

	constructor(
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

	/** Lets a retry create the task again, since this one failed at the provider. */
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
