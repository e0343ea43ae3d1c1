import { z } from 'zod/v3';
import type { ErrorDetails } from '../shared/errors';

const entrySchema = z.object({
	/** Run and item that it belongs to, as `run:item`. */
	place: z.string(),
	executionId: z.string(),
	/** Digest of what cannot be random: the fields as saved, and the input item. */
	source: z.string(),
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
		spent: z.number(),
		charged: z.number(),
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
	readonly stored: Record<string, Entry> = {};
	/** Entries that a run is working on. */
	readonly inUse = new Set<Entry>();
	private readonly keys = new Map<Entry, string>();
	private added = 0;

	readonly costs: z.output<typeof costsSchema>;

	/** What an earlier try has left. */
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

	isUnsettled(entry: Entry): boolean {
		return this.has(entry) && entry.cost === undefined;
	}

	/** Removes an entry that nobody will ask for. */
	forget(entry: Entry): void {
		if (this.isUnsettled(entry)) this.costs.unsettled += 1;
		this.remove(entry);
	}

	remove(entry: Entry): void {
		delete this.stored[this.keys.get(entry) ?? ''];
		this.keys.delete(entry);
		this.inUse.delete(entry);
	}
}
