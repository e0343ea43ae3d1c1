/** What an image is taken to cost until the service has told, USD. */
export const ASSUMED_PER_IMAGE = 0.05;

/** Money set aside for a step, USD. */
export interface Reservation {
	usd: number;
}

/** A task that was created, as far as it has to be paid. */
export interface PaidTask {
	/** USD, as the service reported it. */
	cost?: number;
	/** Images that it made, or that it was asked for while that is not known. */
	images: number;
}

/** Keeps a run within a limit, by what the service reports and, where it does not, by images. */
export class Budget {
	/** Reported by the service, USD. */
	reported = 0;
	/** Images for which it reported nothing. */
	unreported = 0;
	private reserved = 0;
	private perImage = ASSUMED_PER_IMAGE;

	/** @param limit USD */
	constructor(readonly limit: number) {}

	/** What was spent, as far as it is known, USD. */
	get spent(): number {
		return this.reported + this.unreported * this.perImage;
	}

	/** Sets money for so many images aside; nothing if that would go beyond the limit. */
	reserve(images: number): Reservation | undefined {
		const usd = images * this.perImage;
		// sums of cents are no exact numbers
		if (usd > 0 && this.spent + this.reserved + usd > this.limit + 1e-9) return undefined;
		this.reserved += usd;
		return { usd };
	}

	/** Puts what a step really cost in the place of what was set aside for it. */
	settle({ usd }: Reservation, tasks: readonly PaidTask[]): void {
		this.reserved -= usd;
		for (const { cost, images } of tasks) {
			if (cost === undefined) {
				this.unreported += images;
				continue;
			}
			this.reported += cost;
			if (images > 0) this.perImage = Math.max(this.perImage, cost / images);
		}
	}
}

/** An amount of USD for people: `$0.07`, more digits where there are any. */
export const usd = (amount: number): string => {
	const [whole = '0', digits = ''] = amount.toFixed(6).split('.');
	return `$${whole}.${digits.replace(/0+$/, '').padEnd(2, '0')}`;
};
