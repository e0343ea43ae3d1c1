import { z } from 'zod/v3';

/** A creation that was sent: its task, or the fact that its outcome is unknown. */
export type Entry =
	| { taskId: string; createdAt: number; idFrom?: 'task_id' | 'request_id' | undefined }
	| { uncertainIn: string };

const entrySchema: z.ZodType<Entry | undefined> = z
	.union([
		z.object({
			taskId: z.string().min(1),
			createdAt: z.number(),
			idFrom: z.enum(['task_id', 'request_id']).optional(),
		}),
		z.object({ uncertainIn: z.string() }),
	])
	.optional();

/**
 * What one execution has already paid for. It is stored in the execution's own data, so it survives
 * a retry of the node or of the execution, and other executions don't see it.
 */
export class Ledger {
	/**
	 * @param entries kept by n8n with the execution; only this class writes to it
	 * @param run tells loop iterations apart
	 */
	constructor(
		private readonly entries: Record<string, unknown>,
		private readonly run: string,
	) {}

	private key = (itemIndex: number, request: string): string =>
		`${this.run}:${itemIndex}:${request}`;

	/** What was sent for this item of this run with this very request. */
	find(itemIndex: number, request: string): Entry | undefined {
		return entrySchema.safeParse(this.entries[this.key(itemIndex, request)]).data;
	}

	note(itemIndex: number, request: string, entry: Entry): void {
		this.entries[this.key(itemIndex, request)] = entry;
	}

	/** The tasks that earlier tries of this run have paid for. */
	get taskIds(): string[] {
		return Object.keys(this.entries).flatMap((key) => {
			const { data } = entrySchema.safeParse(this.entries[key]);
			return key.startsWith(`${this.run}:`) && data && 'taskId' in data ? [data.taskId] : [];
		});
	}

	/** Forgets a task that failed at the provider, so that a retry creates a new one. */
	forget(itemIndex: number, request: string): void {
		delete this.entries[this.key(itemIndex, request)];
	}

	/** Forgets the run once all of its images are delivered. */
	close(): void {
		for (const key of Object.keys(this.entries)) {
			if (key.startsWith(`${this.run}:`)) delete this.entries[key];
		}
	}
}
