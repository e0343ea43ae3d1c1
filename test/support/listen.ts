/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { once } from 'node:events';
import type { Server } from 'node:net';
import { promisify } from 'node:util';

/** The only address that servers of the tests listen on. */
export const LOOPBACK = '127.0.0.1';

/** A server that listens on loopback. */
export interface Listening {
	port: number;
	/** `127.0.0.1:port`, as it stands in a URL. */
	host: string;
	/** Connections that are open. */
	connections(): Promise<number>;
	/**
	 * Frees the port. Open HTTP connections are ended at once, those of other protocols are waited
	 * for. Does nothing the second time.
	 */
	close(): Promise<void>;
}

/**
 * Lets a server of any protocol listen on loopback.
 *
 * @param port the port to take; a free one unless given
 * @throws what the server throws, such as EADDRINUSE for a port that is taken
 */
export async function listen(
	server: Server & { closeAllConnections?(): void },
	port = 0,
): Promise<Listening> {
	await once(server.listen(port, LOOPBACK), 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port');
	return {
		port: address.port,
		host: `${LOOPBACK}:${address.port}`,
		connections: async () => await promisify(server.getConnections.bind(server))(),
		async close() {
			if (!server.listening) return;
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections?.();
			await closed;
		},
	};
}
