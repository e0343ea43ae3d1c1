import { isRecord } from '../../../test/standin/validation/checks';

/** A path that the platform documents elsewhere, with a request that can do no harm. */
interface Probe {
	what: string;
	method: 'GET' | 'OPTIONS';
	path: (model: string) => string;
	/** Where it is written down. */
	source: string;
}

const JS_SDK = 'https://github.com/SeaArt-Infra/sea_sdk_js';
const SEACLOUD = 'https://github.com/SeaCloudAI/seacloud-cli';
const NOBODYS = 'n8n-live-no-such-request';

/** What is asked for; where only a POST is documented, OPTIONS asks what the path would take. */
export const PROBES: readonly Probe[] = [
	{
		what: 'a price before paying',
		method: 'OPTIONS',
		path: () => '/model/v1/generation/precharge',
		source: JS_SDK,
	},
	{
		what: 'an answer when the task is done, without polling',
		method: 'OPTIONS',
		path: () => '/model/v1/generation/sync',
		source: JS_SDK,
	},
	{
		what: 'the queue that newer models use',
		method: 'GET',
		path: (model) => `/model/v1/queue/${model}/requests/${NOBODYS}/status`,
		source: SEACLOUD,
	},
	{
		what: 'a stream of the state, as queues of this kind have it',
		method: 'GET',
		path: (model) => `/model/v1/queue/${model}/requests/${NOBODYS}/status/stream`,
		source: SEACLOUD,
	},
	{
		what: "a model's parameters",
		method: 'GET',
		path: (model) => `/api/v1/skill/models/${model}/spec`,
		source: 'https://github.com/VtrixAI/vtrix-cli',
	},
	{
		what: "a model's parameters as text",
		method: 'GET',
		path: (model) => `/model/v1/models/skill/${model}`,
		source: JS_SDK,
	},
];

/** What came back. */
export interface ProbeResult {
	what: string;
	request: string;
	source: string;
	/** In a few words; never the body. */
	answer: string;
}

const PATIENCE_MS = 8000;

/** Fields of an answer, since its values may be about the account. */
function fieldsOf(text: string): string {
	try {
		const json: unknown = JSON.parse(text);
		if (Array.isArray(json)) return `a list of ${json.length}`;
		if (!isRecord(json)) return 'JSON';
		const inner = isRecord(json.data) ? Object.keys(json.data).map((name) => `data.${name}`) : [];
		return `JSON with ${[...Object.keys(json), ...inner].slice(0, 12).join(', ')}`;
	} catch {
		return text === '' ? 'no body' : 'no JSON';
	}
}

/**
 * Asks once each whether the gateway knows these paths, with the key and without following redirects.
 *
 * @param baseUrl the service itself: nothing of this is recorded
 */
export async function probe(
	baseUrl: string,
	apiKey: string,
	model: string,
): Promise<ProbeResult[]> {
	const results: ProbeResult[] = [];
	for (const { what, method, path, source } of PROBES) {
		const answer = await fetch(baseUrl + path(model), {
			method,
			redirect: 'manual',
			signal: AbortSignal.timeout(PATIENCE_MS),
			headers: { Authorization: `Bearer ${apiKey}`, Accept: 'application/json' },
		})
			.then(async (response) => {
				const allow = response.headers.get('allow');
				const type = (response.headers.get('content-type') ?? '').split(';')[0];
				// a stream would never end
				const streams = type === 'text/event-stream';
				if (streams) await response.body?.cancel();
				const body = streams ? 'a stream' : fieldsOf(await response.text());
				return [`HTTP ${response.status}`, allow && `allows ${allow}`, type, body]
					.filter(Boolean)
					.join(', ');
			})
			.catch(() => 'no answer');
		results.push({ what, request: `${method} ${path(model)}`, source, answer });
	}
	return results;
}
