import { readList } from '../../../nodes/Vtrix/core/description/readDescription';
import type { Exchange } from '../proxy/exchange';
import { codeOf, decompressed, forward, plainHeaders } from '../proxy/forward';
import type { FinishedStep } from '../recording/record';

/** Where models are listed, and below it described. */
export const SPEC_PATH = '/api/v1/skill/models';

const PATIENCE_MS = 15_000;
const MOST_BYTES = 2_000_000;
/** So many models beside ours are looked at: each of another kind, if there are. */
const OTHERS = 2;

/**
 * Asks the host of descriptions for its list, for these models and for two others. It is never given
 * the key: this takes none.
 *
 * @param url address of the host
 * @param ids models of ours
 */
export async function askSpec(url: string, ids: readonly string[]): Promise<FinishedStep> {
	const list = await ask(url, `${SPEC_PATH}?page=1&page_size=100`);
	const exchanges = [list];
	if (list.answer) {
		const others = othersIn(list.answer.body.toString('utf8'), ids);
		for (const id of [...ids, ...others]) {
			exchanges.push(await ask(url, `${SPEC_PATH}/${encodeURIComponent(id)}/spec`));
		}
	}
	return {
		step: 'spec',
		title: 'The list of models and their descriptions, without a key',
		does: { kind: 'requests' },
		outcome: { images: [], items: 0 },
		exchanges,
	};
}

function othersIn(text: string, ids: readonly string[]): string[] {
	const models = listed(text).filter(({ id }) => !ids.includes(id));
	const first = models.filter(
		({ type }, index) => models.findIndex((model) => model.type === type) === index,
	);
	return first.slice(0, OTHERS).map(({ id }) => id);
}

function listed(text: string) {
	try {
		return readList(JSON.parse(text))?.models ?? [];
	} catch {
		return [];
	}
}

async function ask(base: string, path: string): Promise<Exchange> {
	const exchange: Exchange = {
		to: 'spec',
		url: base.replace(/\/+$/, '') + path,
		path,
		method: 'GET',
		sentHeaders: { accept: 'application/json', 'user-agent': 'n8n-nodes-vtrix' },
		sentBody: Buffer.alloc(0),
		startedAt: Date.now(),
	};
	const { url, method, sentHeaders: headers, sentBody: body } = exchange;
	try {
		const signal = AbortSignal.timeout(PATIENCE_MS);
		const response = await forward({ url, method, headers, body, signal });
		const pieces: Buffer[] = [];
		let bytes = 0;
		for await (const piece of response) {
			pieces.push(Buffer.from(piece));
			bytes += Buffer.from(piece).length;
			if (bytes > MOST_BYTES) throw Object.assign(new Error(), { code: 'more than 2 MB' });
		}
		const received = plainHeaders(response.headers, new Set());
		exchange.answer = {
			status: response.statusCode ?? 0,
			headers: received,
			body: decompressed(Buffer.concat(pieces), received['content-encoding']),
		};
	} catch (error) {
		exchange.broke = codeOf(error);
	}
	exchange.endedAt = Date.now();
	return exchange;
}
