/**
 * How requests are counted by the second:
 * - `sliding`: those accepted within the last second
 * - `fixed`: those accepted since the clock's last full second
 * - `bucket`: each needs a token, which come evenly; as many are saved up as come in a second
 * - `spaced`: the same without saving up, so that two requests in a row are one too many
 */
export const COUNTINGS = ['sliding', 'fixed', 'bucket', 'spaced'] as const;
export type Counting = (typeof COUNTINGS)[number];

/** Accepts so many requests a second and refuses the others; a refused one does not count. */
export class RateLimit {
	private accepted: number[] = [];
	private tokens = Infinity;
	private filledAt = 0;

	/** Whether a request may pass at this time (ms since 1970); it counts then. */
	take(now: number, perSecond: number, counting: Counting = 'sliding'): boolean {
		if (perSecond === Infinity) return true;
		if (counting === 'sliding' || counting === 'fixed') {
			const since = counting === 'fixed' ? Math.floor(now / 1000) * 1000 : now - 999.999;
			this.accepted = this.accepted.filter((at) => at >= since);
			if (this.accepted.length >= perSecond) return false;
			this.accepted.push(now);
			return true;
		}
		const most = counting === 'bucket' ? Math.max(1, perSecond) : 1;
		this.tokens = Math.min(most, this.tokens + ((now - this.filledAt) * perSecond) / 1000);
		this.filledAt = now;
		// what is added up in decimals may miss a whole token by a hair
		if (this.tokens < 1 - 1e-9) return false;
		this.tokens -= 1;
		return true;
	}
}
