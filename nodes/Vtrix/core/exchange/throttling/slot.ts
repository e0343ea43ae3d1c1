import type { Candidate, CreationQueue } from './creationQueue';
import type { SentCreation } from './taskLimit';

/** What the others that wait are told of a place; `over`: its task has ended or is given up. */
export type SlotChange = 'accepted' | 'rejected' | 'over';

/** One item's place at the service; its owner lets go of it by `release`, whatever has happened. */
export class Slot {
	private since?: number;
	private sent?: SentCreation;
	private isRunning = false;

	constructor(
		private readonly creations: CreationQueue,
		private readonly owner: object,
		private readonly onChange: (change: SlotChange) => void,
	) {}

	/** `false` if the service accepts none for as long as it has patience, or the run is stopped. */
	async acquire(candidate: Candidate): Promise<boolean> {
		const { since } = this;
		this.since ??= this.creations.now;
		this.sent = await this.creations.acquire(this.owner, candidate, since);
		return this.sent !== undefined;
	}

	/** The task exists: as the answer tells, or since an earlier try. */
	accepted(): void {
		const { sent, creations } = this;
		this.sent = undefined;
		this.isRunning = true;
		creations.tell(sent ? { kind: 'accepted', sent, now: creations.now } : { kind: 'resumed' });
		this.onChange('accepted');
	}

	rejected(retryAfterMs = 0): void {
		const { sent } = this;
		if (!sent) return;
		this.sent = undefined;
		this.creations.reject(sent, retryAfterMs);
		this.onChange('rejected');
	}

	ended(): void {
		if (this.isRunning) this.over('ended');
	}

	/** The creation was not sent after all, or the outcome says nothing about limits. */
	notSent(): void {
		if (!this.sent) return;
		this.sent = undefined;
		this.creations.tell({ kind: 'returned' });
	}

	/** Nothing more will be told: a task that still runs is abandoned. */
	release(): void {
		this.notSent();
		if (this.isRunning) this.over('abandoned');
	}

	private over(kind: 'ended' | 'abandoned'): void {
		this.isRunning = false;
		this.creations.tell({ kind });
		this.onChange('over');
	}
}
