/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A mail server that takes every mail and delivers none. */
export interface MailServer {
	port: number;
	/** The mails as they came, in order. */
	mails: string[];
	close(): void;
}

/** Starts it on 127.0.0.1; it knows just as much of SMTP as a client needs. */
export async function startMailServer(): Promise<MailServer> {
	const mails: string[] = [];
	const server = createServer((socket) => {
		let text = '';
		let reading = false;
		const say = (line: string) => socket.write(`${line}\r\n`);
		say('220 mail.example.com');
		socket.on('error', () => {});
		socket.on('data', (chunk) => {
			text += chunk.toString('latin1');
			for (;;) {
				const end = text.indexOf(reading ? '\r\n.\r\n' : '\r\n');
				if (end < 0) return;
				const part = text.slice(0, end);
				text = text.slice(end + (reading ? 5 : 2));
				if (reading) {
					mails.push(part);
					reading = false;
					say('250 taken');
				} else if (/^DATA/i.test(part)) {
					reading = true;
					say('354 go on');
				} else if (/^QUIT/i.test(part)) {
					say('221 bye');
					socket.end();
				} else say('250 ok');
			}
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (typeof address !== 'object' || address === null) throw new Error('The server has no port');
	return { port: address.port, mails, close: () => server.close() };
}
