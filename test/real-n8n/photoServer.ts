/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';
import { listen } from '../support/listen';
import { sampleImage } from '../support/sampleImage';

/** What a workflow of the tests loads first: a photo, or a list of items. */
export interface PhotoServer {
	/** A PNG of 800 × 600. */
	photoUrl: string;
	/** A PNG of 400 × 300. */
	logoUrl: string;
	/** A JSON list of objects with their `number`, from 0. */
	numbersUrl: (length: number) => string;
	/** A JSON list of so many equal items. */
	listUrl: (length: number) => string;
	close(): Promise<void>;
}

/** Serves what the workflows of the tests start from, on 127.0.0.1. */
export async function startPhotoServer(): Promise<PhotoServer> {
	const pictures: Record<string, Buffer> = {
		'/photo.png': await sampleImage({ width: 800, height: 600 }),
		'/logo.png': await sampleImage({ width: 400, height: 300 }),
	};
	const server = createServer(({ url = '' }, response) => {
		const { pathname, searchParams } = new URL(url, 'http://photos');
		const picture = pictures[pathname];
		if (picture) {
			response.writeHead(200, { 'content-type': 'image/png' }).end(picture);
			return;
		}
		const items = Array.from({ length: Number(searchParams.get('length')) }, (_, number) => ({
			number,
		}));
		response
			.writeHead(200, { 'content-type': 'application/json' })
			.end(JSON.stringify(searchParams.has('same') ? items.map(() => ({ same: true })) : items));
	});
	const { host, close } = await listen(server);
	const origin = `http://${host}`;
	return {
		photoUrl: `${origin}/photo.png`,
		logoUrl: `${origin}/logo.png`,
		numbersUrl: (length) => `${origin}/list?length=${length}`,
		listUrl: (length) => `${origin}/list?length=${length}&same`,
		close,
	};
}
