/** What the finished tasks of one node run cost, against the user's limit (USD). */
export class Spending {
	private spent = 0;

	private unreported = 0;

	/** @param limit USD; 0 is no limit */
	constructor(readonly limit: number) {}

	/** Counts a finished task; `undefined` if Vtrix did not say what it cost. */
	add(cost: number | undefined): void {
		this.spent += cost ?? 0;
		if (cost === undefined) this.unreported += 1;
	}

	get total(): number {
		return this.spent;
	}

	/** What the limit cannot take into account, as a sentence. */
	get warning(): string | undefined {
		return this.limit > 0 && this.unreported > 0
			? `The spending limit could not count ${this.unreported === 1 ? 'one task' : `${this.unreported} tasks`}: Vtrix did not report what was charged.`
			: undefined;
	}

	/** Whether no further task may be created; rounding of decimal prices is allowed for. */
	get exhausted(): boolean {
		return this.limit > 0 && this.spent >= this.limit - 1e-9;
	}
}
