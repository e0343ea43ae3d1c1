/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';
import getPort from 'get-port';
import { listen, LOOPBACK } from '../support/listen';

/** An address on 127.0.0.1 that signs the browser in and leads on to n8n. */
export interface Door {
	url: string;
	close(): Promise<void>;
}

/**
 * Opens the door. Cookies count for all ports of a host, so the one that n8n gave this program can
 * be handed to the browser; nobody has to type a password for a trial on one's own machine.
 *
 * @param cookie n8n's session cookie, `name=value`
 * @param target where to go from there
 */
export async function openDoor(cookie: string, target: string): Promise<Door> {
	const server = createServer((_, response) => {
		response
			.writeHead(302, {
				location: target,
				'set-cookie': `${cookie}; Path=/; HttpOnly; SameSite=Lax`,
			})
			.end();
	});
	const { host, close } = await listen(server, await getPort({ host: LOOPBACK, port: 5677 }));
	return { url: `http://${host}`, close };
}
