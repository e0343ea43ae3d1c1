/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readBody } from '../../../test/standin/server/exchange';
import { listen, type Listening } from '../../../test/support/listen';
import type { Exchange } from './exchange';
import { codeOf, decompressed, forward, plainHeaders } from './forward';
import { Links } from './links';

/** Headers that never go to another host. */
const SECRET = ['authorization', 'cookie', 'proxy-authorization'];

/** What is written into answers anew. */
const REWRITTEN = new Set([
	'content-length',
	'content-encoding',
	'transfer-encoding',
	'connection',
]);

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Stands between the node and the service: a server for the gateway and one for all hosts that links
 * lead to, both on 127.0.0.1. It sends everything on as it came, and keeps what went by. The key goes
 * to the gateway alone.
 */
export class RecordingProxy {
	/** Where the key was about to go that it must not. */
	readonly leaks: string[] = [];
	private readonly exchanges = new Map<string, Exchange[]>();
	private readonly servers: Listening[] = [];
	/** Of the two servers, known once they listen. */
	private readonly origins = { gateway: '', images: '' };
	private readonly links = new Links(() => this.origins.images);
	private readonly underWay = new Map<Promise<void>, string>();

	private constructor(
		/** Base URL of the service for a step, without a slash at its end. */
		private readonly target: (step: string) => string,
		private readonly onExchange: (step: string, exchange: Exchange) => void,
	) {}

	/**
	 * @param target base URL of the service, or how to get it for a step
	 * @param onExchange called when an exchange has ended, well or not
	 */
	static async start(
		target: string | ((step: string) => string),
		onExchange: (step: string, exchange: Exchange) => void = () => {},
	): Promise<RecordingProxy> {
		const always = typeof target === 'string' ? target.trim().replace(/\/+$/, '') : '';
		const proxy = new RecordingProxy(
			typeof target === 'string' ? () => always : target,
			onExchange,
		);
		proxy.origins.gateway = await proxy.open(async (...parts) => await proxy.toGateway(...parts));
		proxy.origins.images = await proxy.open(async (...parts) => await proxy.toImages(...parts));
		return proxy;
	}

	/** Base URL for all requests of a step. */
	baseUrlOf(step: string): string {
		return `${this.origins.gateway}/${step}`;
	}

	/** What went by in a step so far, in the order of the requests. */
	exchangesOf(step: string): readonly Exchange[] {
		return this.exchanges.get(step) ?? [];
	}

	/** The service's own address of a link that the node handed on. */
	originalLink(url: string): string {
		return this.links.original(url);
	}

	/** Waits until the requests under way are answered, those of one step or all; but no longer than `ms`. */
	async settle(ms: number, step?: string): Promise<void> {
		const works = [...this.underWay].filter(([, of]) => step === undefined || of === step);
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, ms);
		});
		await Promise.race([Promise.all(works.map(([work]) => work)), late]);
		clearTimeout(timer);
	}

	/** Ends open connections too. */
	async close(): Promise<void> {
		for (const server of this.servers) await server.close();
	}

	/** Starts one of the servers and gives its origin. */
	private async open(handle: Handler): Promise<string> {
		const server = createServer((request, response) => {
			const work = handle(request, response).catch(() => {
				response.destroy();
			});
			const [, step = ''] = (request.url ?? '').split('/');
			this.underWay.set(work, step);
			void work.then(() => this.underWay.delete(work));
		});
		server.requestTimeout = 0;
		const listening = await listen(server);
		this.servers.push(listening);
		return `http://${listening.host}`;
	}

	private async toGateway(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const [, step = '', path = ''] = /^\/([^/?]+)(.*)$/.exec(request.url ?? '') ?? [];
		const url = this.target(step) + path;
		const exchange = await this.begin(step, { to: 'gateway', url, path }, request);
		await this.pass(exchange, step, async () => {
			const upstream = await forward({ ...outgoing(exchange), url });
			const headers = plainHeaders(upstream.headers, new Set());
			const raw = await readBody(upstream);
			if (raw === undefined) throw Object.assign(new Error('cut off'), { code: 'ECONNRESET' });
			const body = decompressed(raw, headers['content-encoding']);
			this.answered(exchange, upstream, headers, body);
			const text = body.toString('utf8');
			const passed = isJson(text) ? Buffer.from(this.links.inJson(text, step)) : body;
			response.writeHead(upstream.statusCode ?? 502, {
				...plainHeaders(upstream.headers, REWRITTEN),
				'content-length': String(passed.length),
			});
			response.end(passed);
		});
		if (exchange.answer === undefined) response.destroy();
	}

	private async toImages(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const target = this.links.outward(request.url ?? '');
		if (target === undefined) {
			response.writeHead(404).end();
			return;
		}
		const { step, url } = target;
		const path = request.url ?? '';
		const exchange = await this.begin(step, { to: 'images', url, path }, request);
		for (const name of SECRET) {
			if (exchange.sentHeaders[name] === undefined) continue;
			this.leaks.push(`the node sent '${name}' to ${new URL(url).host}; it was not passed on`);
			delete exchange.sentHeaders[name];
		}
		const left = new AbortController();
		response.once('close', () => left.abort());
		await this.pass(exchange, step, async () => {
			const upstream = await forward({ ...outgoing(exchange), url, signal: left.signal });
			const headers = plainHeaders(upstream.headers, new Set());
			const pieces: Buffer[] = [];
			const location = locationOf(upstream, url);
			response.writeHead(upstream.statusCode ?? 502, {
				...plainHeaders(upstream.headers, new Set(['connection', 'transfer-encoding'])),
				...(location !== undefined &&
					/^https?:/i.test(location) && { location: this.links.inward(location, step) }),
			});
			try {
				for await (const piece of upstream) {
					const bytes = Buffer.from(piece);
					pieces.push(bytes);
					if (!response.write(bytes)) await once(response, 'drain', { signal: left.signal });
				}
				response.end();
			} finally {
				const body = decompressed(Buffer.concat(pieces), headers['content-encoding']);
				this.answered(exchange, upstream, headers, body);
			}
		});
		if (exchange.broke !== undefined) response.destroy();
	}

	private async begin(
		step: string,
		known: Pick<Exchange, 'to' | 'url' | 'path'>,
		request: IncomingMessage,
	): Promise<Exchange> {
		const exchange: Exchange = {
			...known,
			method: request.method ?? 'GET',
			sentHeaders: plainHeaders(request.headers),
			sentBody: Buffer.alloc(0),
			startedAt: Date.now(),
		};
		this.exchanges.set(step, [...(this.exchanges.get(step) ?? []), exchange]);
		exchange.sentBody = (await readBody(request)) ?? Buffer.alloc(0);
		return exchange;
	}

	private async pass(exchange: Exchange, step: string, send: () => Promise<void>): Promise<void> {
		await send().catch((error: unknown) => {
			exchange.broke = codeOf(error);
		});
		exchange.endedAt = Date.now();
		this.onExchange(step, exchange);
	}

	private answered(
		exchange: Exchange,
		upstream: IncomingMessage,
		headers: Record<string, string>,
		body: Buffer,
	): void {
		const location = locationOf(upstream, exchange.url);
		exchange.answer = {
			status: upstream.statusCode ?? 0,
			headers,
			body,
			...(location !== undefined && { location }),
		};
	}
}

const outgoing = ({ method, sentHeaders, sentBody }: Exchange) => ({
	method,
	headers: sentHeaders,
	body: sentBody,
});

function locationOf({ headers }: IncomingMessage, base: string): string | undefined {
	const { location } = headers;
	if (location === undefined) return undefined;
	try {
		return /^https?:\/\//i.test(location) ? location : new URL(location, base).href;
	} catch {
		return undefined;
	}
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
