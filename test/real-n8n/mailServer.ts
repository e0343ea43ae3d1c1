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

/** A file of a mail. */
export interface MailFile {
	name: string;
	content: Buffer;
}

/**
 * The files of a mail, attached or inline, in its order: every part whose header names a file and
 * whose body is base64, as mail clients encode what is no text.
 */
export function filesOf({ source }: Mail): MailFile[] {
	const parts = source.toString('latin1').split(/^--.*\r\n/m);
	return parts.flatMap((part) => {
		const [, head = '', body = ''] = /^([^]*?)\r\n\r\n([^]*)$/.exec(part) ?? [];
		const header = head.replace(/\r\n\s+/g, ' ');
		const [disposition] = /^content-disposition: .*$/im.exec(header) ?? [];
		const name = disposition && fileName(disposition);
		const isBase64 = /^content-transfer-encoding: base64/im.test(header);
		return name && isBase64 ? [{ name, content: Buffer.from(body, 'base64') }] : [];
	});
}

/** The name that a header gives a file: as it is, or in numbered pieces of escaped UTF-8 (RFC 2231). */
function fileName(disposition: string): string {
	const given = [...disposition.matchAll(/;\s*filename(\*\d*\*?)?=("([^"]*)"|[^;\s]*)/gi)];
	const pieces = given.map(([, escaped, value = '', quoted = value]) =>
		escaped?.endsWith('*') ? decodeURIComponent(quoted.replace(/^utf-8''/i, '')) : quoted,
	);
	return pieces.join('');
}
