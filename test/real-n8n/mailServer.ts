/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { listen } from '../support/listen';

/** A mail as it arrived. */
export interface Mail {
	/** The addresses that it was sent to. */
	to: string[];
	/** The whole MIME source, byte for byte, with its attachments still encoded. */
	source: Buffer;
}

/** A mail server that takes every mail and delivers none. */
export interface MailServer {
	port: number;
	/** In order of arrival. */
	mails: Mail[];
	close(): Promise<void>;
}

/** Starts it on loopback; it asks for no login and offers no encryption. */
export async function startMailServer(): Promise<MailServer> {
	const mails: Mail[] = [];
	const smtp = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onData(stream, { envelope }, done) {
			void buffer(stream).then((source) => {
				mails.push({ to: envelope.rcptTo.map(({ address }) => address), source });
				done();
			}, done);
		},
	});
	const { port, close } = await listen(smtp.server);
	return { port, mails, close };
}

/** The files attached to a mail, in its order; mail clients encode every binary file as base64. */
export function attachmentsOf({ source }: Mail): Buffer[] {
	const text = source.toString('latin1');
	const parts = text.matchAll(
		/^content-disposition: attachment[^]*?\r\n\r\n([\w+/=\r\n]*?)\r\n--/gim,
	);
	return Array.from(parts, ([, encoded]) => Buffer.from(encoded, 'base64'));
}
