import { sendText } from '../server/exchange';
import type { Exchange } from '../server/exchange';
import { isRecord } from '../validation/checks';
import { readImageMark } from './format';
import type { RecordedBody, RecordedExchange, RecordedStep } from './format';
import { pictureOf } from './pictures';

/** Headers that the server sets by itself, or that told of a form in which the body is not kept. */
const OWN_HEADERS = new Set([
	'content-length',
	'content-encoding',
	'transfer-encoding',
	'location',
]);

/**
 * Gives the answers of a recording in their order. Each step lives under a path of its own:
 * `<server>/<step>/…`. The last answer about a task or a picture is repeated.
 */
export class Playback {
	private readonly steps: ReadonlyMap<string, RecordedStep>;
	/** How often each request was answered. */
	private readonly given = new Map<string, number>();

	/** @param imageOrigin tells where pictures are served, once that is known */
	constructor(
		steps: readonly RecordedStep[],
		private readonly imageOrigin: () => string,
	) {
		this.steps = new Map(steps.map((step) => [step.step, step]));
	}

	/** Answers a request to the gateway or to the host of the pictures. */
	async serve(exchange: Exchange, to: RecordedExchange['to']): Promise<void> {
		const { request, response, world } = exchange;
		const [, name = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
		const method = request.method ?? '';
		const recorded = this.next(name, { to, method, path });
		if (recorded === undefined) {
			world.records.complain(`not in the recording: ${method} ${request.url}`);
			sendText(response, 500, '{"message":"this request is not in the recording"}');
			return;
		}
		if (recorded.answer === undefined) {
			request.socket.destroy();
			return;
		}
		const { status, headers, body } = recorded.answer;
		const bytes = await this.bytesOf(body, name);
		const kept = Object.entries(headers).filter(([header]) => !OWN_HEADERS.has(header));
		const { location } = headers;
		response.writeHead(status, {
			...Object.fromEntries(kept),
			...(location !== undefined && { location: this.link(location, name) }),
			...('content-length' in headers && { 'content-length': String(bytes.length) }),
		});
		if (recorded.broke === undefined) response.end(bytes);
		else response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
	}

	/** The recorded exchange that answers this request. */
	private next(
		name: string,
		{ to, method, path }: Pick<RecordedExchange, 'to' | 'method' | 'path'>,
	): RecordedExchange | undefined {
		const all = (this.steps.get(name)?.exchanges ?? []).filter(
			(exchange) => exchange.to === to && exchange.method === method,
		);
		const [first] = all;
		const same = all.filter((exchange) => exchange.path === path);
		// what is asked for to test a key may be called otherwise by now
		const onlyOne = all.every((exchange) => exchange.path === first?.path);
		const isTest = to === 'gateway' && method === 'GET' && onlyOne;
		const answers = same.length > 0 ? same : isTest ? all : [];
		const key = `${name} ${to} ${method} ${answers[0]?.path}`;
		const count = this.given.get(key) ?? 0;
		this.given.set(key, count + 1);
		// a creation that was not recorded must not pass for another one
		return answers[method === 'POST' ? count : Math.min(count, answers.length - 1)];
	}

	private async bytesOf(body: RecordedBody, step: string): Promise<Buffer> {
		switch (body.kind) {
			case 'json':
				return Buffer.from(JSON.stringify(await this.restore(body.value, step)));
			case 'text':
				return Buffer.from(body.text);
			case 'image':
				return await pictureOf(body);
			case 'bytes':
				return Buffer.alloc(body.bytes);
		}
	}

	/** JSON with image data in the place of its marks, and links that lead here. */
	private async restore(value: unknown, step: string): Promise<unknown> {
		if (typeof value === 'string') {
			const found = readImageMark(value);
			if (found) {
				const data = (await pictureOf(found.image)).toString('base64');
				return value.replace(found.mark, data);
			}
			return this.link(value, step);
		}
		if (Array.isArray(value)) {
			return await Promise.all(value.map(async (entry) => await this.restore(entry, step)));
		}
		if (!isRecord(value)) return value;
		const entries = Object.entries(value).map(
			async ([key, entry]) => [key, await this.restore(entry, step)] as const,
		);
		return Object.fromEntries(await Promise.all(entries));
	}

	/** Leads a recorded link to the server of pictures; other texts stay. */
	private link(text: string, step: string): string {
		const match = /^https?:\/\/[^/]+(\/link-\d+\S*)$/.exec(text);
		return match ? `${this.imageOrigin()}/${step}${match[1]}` : text;
	}
}
