/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port on 127.0.0.1 that nobody listens on: the wished one if it is free, else any. */
export async function freePort(wished = 0): Promise<number> {
	const server = createServer();
	try {
		const listening = once(server, 'listening');
		server.listen(wished, '127.0.0.1');
		await listening;
	} catch {
		return await freePort();
	}
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (address === null || typeof address === 'string') throw new Error('No port to be had');
	return address.port;
}
