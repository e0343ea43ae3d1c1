/** What was read for an item, or the error that reading it ended with. */
export type Attempt<Value> = { value: Value } | { error: unknown };

/** Reads something for one item, and keeps an error for that item's own turn. */
export async function attempt<Value>(read: () => Value | Promise<Value>): Promise<Attempt<Value>> {
	try {
		return { value: await read() };
	} catch (error) {
		return { error };
	}
}

/** What was read; rejects with the error that reading ended with. */
export async function valueOf<Value>(attempted: Attempt<Value>): Promise<Value> {
	return 'error' in attempted ? await Promise.reject(attempted.error) : attempted.value;
}
