/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from './listen';

/** An object as the bucket holds it. */
export interface S3Object {
	bytes: Buffer;
	mimeType: string;
	/** As the client wrote it: percent-encoded. */
	fileName: string;
}

/** A bucket behind the part of the S3 protocol that n8n speaks for files, path style. */
export interface S3Server {
	/** Host and port, without a protocol. */
	host: string;
	bucket: string;
	accessKey: string;
	/** By key. */
	objects: ReadonlyMap<string, S3Object>;
	/** Writes received, refused ones included. */
	readonly writes: number;
	/** Refuses the next writes as a bucket does that is asked too fast. */
	refuseWrites(count: number): void;
	close(): Promise<void>;
}

interface Answer {
	status: number;
	headers?: Record<string, string>;
	body?: Buffer | string;
}

const refusal = (status: number, code: string): Answer => ({
	status,
	headers: { 'content-type': 'application/xml' },
	body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

const header = ({ headers }: IncomingMessage, name: string): string => String(headers[name] ?? '');

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();

/** Starts it on a free port of loopback; it keeps its objects in memory. */
export async function startS3Server(bucket = 'binaries', accessKey = 'key'): Promise<S3Server> {
	const objects = new Map<string, S3Object>();
	let writes = 0;
	let refused = 0;

	const put = async (key: string, request: IncomingMessage): Promise<Answer> => {
		const bytes = await buffer(request);
		writes += 1;
		if (refused > 0) {
			refused -= 1;
			return refusal(503, 'SlowDown');
		}
		if (md5(bytes).toString('base64') !== header(request, 'content-md5')) {
			return refusal(400, 'BadDigest');
		}
		const mimeType = header(request, 'content-type');
		const fileName = header(request, 'x-amz-meta-filename');
		objects.set(key, { bytes, mimeType, fileName });
		return { status: 200, headers: { etag: `"${md5(bytes).toString('hex')}"` } };
	};

	const answer = async (request: IncomingMessage): Promise<Answer> => {
		if (!header(request, 'authorization').includes(`Credential=${accessKey}/`)) {
			return refusal(403, 'InvalidAccessKeyId');
		}
		const [, name, ...parts] = new URL(request.url ?? '/', 'http://s3').pathname.split('/');
		if (name !== bucket) return refusal(404, 'NoSuchBucket');
		const key = parts.map(decodeURIComponent).join('/');
		if (request.method === 'HEAD' && key === '') return { status: 200 };
		if (request.method === 'PUT') return await put(key, request);
		const object = objects.get(key);
		if (!object) return refusal(404, 'NoSuchKey');
		if (request.method !== 'GET' && request.method !== 'HEAD') {
			return refusal(405, 'MethodNotAllowed');
		}
		return {
			status: 200,
			headers: {
				'content-type': object.mimeType,
				'content-length': String(object.bytes.length),
				...(object.fileName && { 'x-amz-meta-filename': object.fileName }),
			},
			body: object.bytes,
		};
	};

	const server = createServer((request, response) => {
		void answer(request).then(({ status, headers, body }) => {
			response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
		});
	});
	const { host, close } = await listen(server);
	return {
		host,
		bucket,
		accessKey,
		objects,
		get writes() {
			return writes;
		},
		refuseWrites: (count) => {
			refused = count;
		},
		close,
	};
}
