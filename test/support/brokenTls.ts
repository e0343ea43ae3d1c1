/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type Socket } from 'node:net';
import { listen, type Listening } from './listen';

/** How servers fail before a connection is secure. */
export const BROKEN_TLS = {
	'speaks plain HTTP': (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
	closes: (socket: Socket) => socket.end(),
	'breaks off': (socket: Socket) => socket.resetAndDestroy(),
	'has no cipher in common': (socket: Socket) => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40])),
	'knows no such host': (socket: Socket) => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 112])),
};

/** A server that never comes to a secure connection. */
export const startBrokenTls = async (how: keyof typeof BROKEN_TLS): Promise<Listening> =>
	await listen(
		createServer((socket) => {
			socket.on('error', () => {});
			socket.once('data', () => BROKEN_TLS[how](socket));
		}),
	);
