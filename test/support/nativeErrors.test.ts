/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readFile } from 'node:fs/promises';
import './nativeErrors';

test.each([
	['a missing file', async () => await readFile('/no/such/file')],
	['an abort', async () => AbortSignal.abort().throwIfAborted()],
	['an invalid URL', async () => new URL('relative')],
])("Node's error for %s is an Error, as outside of jest", async (_, fail) => {
	await expect(fail().catch((error: unknown) => error instanceof Error)).resolves.toBe(true);
});

test('kinds of errors stay apart', () => {
	class Special extends Error {}
	const missing: unknown = (() => {
		try {
			return new URL('relative');
		} catch (error) {
			return error;
		}
	})();
	expect(missing instanceof TypeError).toBe(true);
	expect(missing instanceof Special).toBe(false);
	expect(new Error() instanceof TypeError).toBe(false);
	expect(new Special() instanceof Error).toBe(true);
	expect({} instanceof Error).toBe(false);
	expect((null as unknown) instanceof Error).toBe(false);
});
