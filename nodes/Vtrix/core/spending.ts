/** What the finished tasks of one node run cost, against the user's limit (USD). */
export class Spending {
	private spent = 0;

	/** @param limit USD; 0 is no limit */
	constructor(readonly limit: number) {}

	add(cost: number | undefined): void {
		this.spent += cost ?? 0;
	}

	get total(): number {
		return this.spent;
	}

	/** Whether no further task may be created; rounding of decimal prices is allowed for. */
	get exhausted(): boolean {
		return this.limit > 0 && this.spent >= this.limit - 1e-9;
	}
}
