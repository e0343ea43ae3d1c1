import { createHash } from 'crypto';
import type { Clock } from '../http/http';
import { Throttle } from './throttle';

const MEMORY_MS = 15 * 60_000;
const MOST = 100;

/** One throttle for each key and address in this process; keys are known by their digest alone. */
export class Throttles {
	private readonly known = new Map<string, Throttle>();

	constructor(
		private readonly clock: Clock,
		private readonly random: () => number,
	) {}

	get size(): number {
		return this.known.size;
	}

	/** The throttle of a key; what is not in use any more is forgotten after a while. */
	of({ baseUrl, apiKey }: { baseUrl: string; apiKey: string }): Throttle {
		const digest = createHash('sha256')
			.update(JSON.stringify([baseUrl, apiKey]))
			.digest('hex');
		const throttle = this.known.get(digest) ?? new Throttle(this.clock, this.random);
		throttle.touch();
		this.known.delete(digest);
		this.forgetIdle();
		this.known.set(digest, throttle);
		return throttle;
	}

	/** Forgets all that was learned; runs that are under way keep what they have. */
	clear(): void {
		this.known.clear();
	}

	private forgetIdle(): void {
		const oldest = this.clock.now() - MEMORY_MS;
		for (const [digest, { isIdle, usedAt }] of this.known) {
			if (isIdle && (usedAt < oldest || this.known.size >= MOST)) this.known.delete(digest);
		}
	}
}
