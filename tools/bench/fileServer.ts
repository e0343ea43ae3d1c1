/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';
import { listen } from '../../test/support/listen';
import { sampleImage } from '../../test/support/sampleImage';

/** Serves picture files of any size, and takes what is sent to it. */
export interface FileServer {
	/** Where anything can be sent to. */
	sinkUrl: string;
	/** Where so many different PNGs of this size are. */
	urls(count: number, bytes: number): string[];
	close(): Promise<void>;
}

/** Starts one on 127.0.0.1, in this process: what it takes is not counted as n8n's. */
export async function startFileServer(): Promise<FileServer> {
	const server = createServer((request, response) => {
		if (request.method === 'POST') {
			request.resume().once('end', () => response.end('{}'));
			return;
		}
		const { searchParams } = new URL(request.url ?? '', 'http://files');
		const [number, bytes] = ['number', 'bytes'].map((name) => Number(searchParams.get(name)));
		void sampleImage({ width: 64, height: 48 + number, bytes }).then((picture) =>
			response.writeHead(200, { 'content-type': 'image/png' }).end(picture),
		);
	});
	const { host, close } = await listen(server);
	return {
		sinkUrl: `http://${host}/sink`,
		urls: (count, bytes) =>
			Array.from(
				{ length: count },
				(_, number) => `http://${host}/photo.png?number=${number}&bytes=${bytes}`,
			),
		close,
	};
}
