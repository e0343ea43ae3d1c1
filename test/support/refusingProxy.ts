/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';
import { listen } from './listen';

/** A proxy that connects nobody, in use by n8n for https until it is closed. */
export interface RefusingProxy {
	/** The servers that it was asked to connect to, with their ports. */
	readonly asked: readonly string[];
	close(): Promise<void>;
}

/** Starts one that answers with a status and a page titled 'Blocked by policy'. */
export async function startRefusingProxy(status: number): Promise<RefusingProxy> {
	const asked: string[] = [];
	const server = createServer();
	server.on('connect', ({ url = '' }, socket) => {
		asked.push(url);
		socket.on('error', () => {});
		const page = '<html><title>Blocked by policy</title><h1>Sorry</h1></html>';
		socket.end(
			`HTTP/1.1 ${status} No\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n${page}`,
		);
	});
	const { host, close } = await listen(server);
	process.env.HTTPS_PROXY = `http://${host}`;
	return {
		asked,
		close: async () => {
			delete process.env.HTTPS_PROXY;
			await close();
		},
	};
}
