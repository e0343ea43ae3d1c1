import type { Clock } from '../exchange/http/http';
import { SpendingLimitError } from '../shared/errors';
import type { Entry, Ledger } from './ledger';
import type { Claim } from './runLedger';

const CHECK_MS = 250;
/** Tasks that may be under way before it is known what one costs. */
const MOST_UNKNOWN = 2;
/** How much the sum of decimal prices may be off, USD. */
const ROUNDING = 1e-9;

class Deferred {
	resolve = () => {};
	readonly promise = new Promise<void>((resolve) => {
		this.resolve = resolve;
	});
}

/** What an execution's tasks cost, over the rounds of a loop, the calls of a tool and all tries. */
export class Spending {
	/** Tasks that a run is creating or waiting for. */
	private readonly watched = new Set<Claim>();
	/** Entries of tasks that are not watched, though their cost is not known. */
	private readonly unwatched: Set<Entry>;
	private nextChange = new Deferred();

	constructor(readonly ledger: Ledger) {
		this.unwatched = new Set(ledger.entries);
	}

	/** Tasks under way, or whose cost will not be known: all are taken for charged. */
	get underWay(): number {
		const left = [...this.unwatched].filter((entry) => this.ledger.isUnsettled(entry));
		return this.watched.size + this.ledger.costs.unsettled + left.length;
	}

	/** Whether another task may be created, must not be any more, or has to wait for the others. */
	verdict(limit: number): 'create' | 'reached' | 'wait' {
		if (limit === 0) return 'create';
		const { spent, charged } = this.ledger.costs;
		if (spent >= limit - ROUNDING) return 'reached';
		const { underWay } = this;
		const mayCreate =
			charged === 0
				? underWay < MOST_UNKNOWN
				: spent + (underWay * spent) / charged < limit - ROUNDING;
		if (mayCreate) return 'create';
		return this.watched.size > 0 ? 'wait' : 'reached';
	}

	watch(claim: Claim): void {
		this.watched.add(claim);
		if (claim.entry) this.unwatched.delete(claim.entry);
	}

	get change(): Promise<void> {
		return this.nextChange.promise;
	}

	leave(claim: Claim): void {
		this.watched.delete(claim);
		if (claim.entry) this.unwatched.add(claim.entry);
		this.nextChange.resolve();
		this.nextChange = new Deferred();
	}

	/** Counts an ended task once, over all tries; `undefined` if Vtrix did not say its cost. */
	count(claim: Claim, cost: number | undefined): void {
		if (claim.entry?.cost !== undefined) return;
		claim.note({ cost: cost ?? null });
		const { costs } = this.ledger;
		if (cost === undefined) {
			costs.unreported += 1;
			return;
		}
		costs.spent += cost;
		costs.charged += 1;
	}
}

/** The user's limit on what an execution spends, as one run of the node keeps to it. */
export class SpendingLimit {
	/** @param limit USD; 0 is no limit */
	constructor(
		readonly spending: Spending,
		private readonly limit: number,
		private readonly clock: Clock,
	) {}

	assertOpen(): void {
		const { spending, limit } = this;
		if (spending.verdict(limit) === 'reached') {
			throw new SpendingLimitError(limit, spending.ledger.costs.spent, spending.underWay);
		}
	}

	/**
	 * Waits until the item's task may be created, and counts it as under way until `leave`: the limit
	 * is passed by one task at most if all cost about the same. @throws SpendingLimitError
	 */
	async admit(claim: Claim, assertWanted: () => void): Promise<void> {
		const { spending, limit, clock } = this;
		for (;;) {
			assertWanted();
			this.assertOpen();
			if (spending.verdict(limit) === 'create') break;
			await Promise.race([spending.change, clock.sleep(CHECK_MS)]);
		}
		spending.watch(claim);
	}

	get warning(): string | undefined {
		const { unreported } = this.spending.ledger.costs;
		return this.limit > 0 && unreported > 0
			? `The spending limit could not count ${unreported === 1 ? 'one task' : `${unreported} tasks`}: Vtrix did not report what was charged.`
			: undefined;
	}
}
