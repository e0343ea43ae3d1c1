/**
 * A source's pieces, with `toError` for what it fails with. A stream that is destroyed throws into
 * its generator, which is no failure of the source: so only the reading is watched.
 */
export async function* watchSource(
	source: AsyncIterable<Buffer>,
	toError: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
	const pieces = source[Symbol.asyncIterator]();
	try {
		for (;;) {
			const next = await pieces
				.next()
				.catch(async (error: unknown) => await Promise.reject(toError(error)));
			if (next.done) return;
			yield next.value;
		}
	} finally {
		await pieces.return?.();
	}
}
