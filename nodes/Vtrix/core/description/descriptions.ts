import { AttemptError, fetchPublic, type PublicFetch } from '../exchange/publicFetch';
import { networkReason } from '../exchange/http/networkErrors';
import { readBody, TooLargeError } from '../exchange/http/readBody';
import { parseUrl } from '../exchange/http/url';
import type { Model } from '../definition/model';
import { formatMegabytes } from '../shared/format';
import { readDescription, readList, type ListedModel } from './readDescription';
import { toModel } from './toModel';

/** The vendor's own host of descriptions; it takes no key. */
export const DESCRIPTIONS_URL = 'https://cloud-model-spec.vtrix.ai';

const PATH = '/api/v1/skill/models';
const MOST_BYTES = 2_000_000;
const TIMEOUT_MS = 15_000;
const PAGE_SIZE = 100;
const MOST_PAGES = 10;

/** The vendor's description of a model or its list of models is not to be had. */
export class NoDescriptionError extends Error {
	readonly isUnknown: boolean;

	constructor(message: string, isUnknown = false) {
		super(message);
		this.isUnknown = isUnknown;
	}
}

/** What asking for descriptions takes; an empty URL stands for `DESCRIPTIONS_URL`. */
export type Asking = Pick<PublicFetch, 'http' | 'clock'> & {
	descriptionsUrl: string;
};

const INSTEAD =
	"Try again later, or choose JSON under 'Parameters As' and enter them as the model's page names them.";

async function ask(path: string, subject: string, asking: Asking): Promise<unknown> {
	const { http, clock } = asking;
	const parsed = parseUrl(asking.descriptionsUrl.trim() || DESCRIPTIONS_URL);
	const base = parsed && /^https?:$/.test(parsed.protocol) ? parsed.href.replace(/\/+$/, '') : '';
	if (!parsed || !base) {
		throw new NoDescriptionError(
			`The 'Descriptions URL' of the credential is no address. Enter ${DESCRIPTIONS_URL} there.`,
		);
	}
	const fail = (reason: string, isUnknown = false) =>
		new NoDescriptionError(`${parsed.host} ${reason}. ${INSTEAD}`, isUnknown);
	const signal = AbortSignal.timeout(TIMEOUT_MS);
	const text = await fetchPublic(
		base + path,
		{ http, clock, baseUrl: base, redact: (said) => said },
		signal,
	)
		.then(async ({ body }) => await readBody(body, MOST_BYTES, TIMEOUT_MS))
		.catch((error: unknown) => {
			if (error instanceof TooLargeError) {
				return fail(
					`gave an answer of more than ${formatMegabytes(MOST_BYTES)} as description of ${subject}`,
				);
			}
			if (!(error instanceof AttemptError)) {
				return fail(`gave no description of ${subject}: ${networkReason(error)}`);
			}
			return error.retry.httpStatus === 404
				? fail(`knows no description of ${subject}`, true)
				: fail(`gave no description of ${subject}: ${error.message}`);
		});
	if (text instanceof Error) throw text;
	try {
		return JSON.parse(text.toString('utf8'));
	} catch {
		return undefined;
	}
}

const otherForm = (subject: string): NoDescriptionError =>
	new NoDescriptionError(`What came as the description of ${subject} is none. ${INSTEAD}`);

/** @throws NoDescriptionError */
export async function listModels(asking: Asking): Promise<ListedModel[]> {
	const models: ListedModel[] = [];
	let pages = 1;
	for (let page = 1; page <= Math.min(pages, MOST_PAGES); page += 1) {
		const query = `?page=${page}&page_size=${PAGE_SIZE}`;
		const read = readList(await ask(PATH + query, 'the models', asking));
		if (!read) throw otherForm('the models');
		models.push(...read.models);
		({ pages } = read);
	}
	return models;
}

async function askForModel(id: string, asking: Asking): Promise<Model> {
	const subject = `the model '${id.slice(0, 100)}'`;
	const path = `${PATH}/${encodeURIComponent(id)}/spec`;
	const description = readDescription(await ask(path, subject, asking));
	if (!description) throw otherForm(subject);
	return toModel({ ...description, id });
}

const FRESH_MS = 600_000;
const MOST_KEPT = 200;

/** Models as they are described, asked for once in a while however many workflows run. */
export class DescribedModels {
	private readonly known = new Map<string, { askedAt: number; model: Promise<Model> }>();

	/** A model as described now, or when its host last answered. @throws NoDescriptionError */
	async get(id: string, asking: Asking): Promise<Model> {
		const key = `${asking.descriptionsUrl} ${id}`;
		const before = this.known.get(key);
		const now = asking.clock.now();
		if (before && now - before.askedAt < FRESH_MS) return await before.model;
		const asked = askForModel(id, asking).catch(async (error: unknown) => {
			const isUnknown = error instanceof NoDescriptionError && error.isUnknown;
			return await (before && !isUnknown ? before.model : Promise.reject(error));
		});
		this.known.delete(key);
		this.known.set(key, { askedAt: now, model: asked });
		asked.catch(() => this.known.delete(key));
		const [oldest] = this.known.keys();
		if (this.known.size > MOST_KEPT && oldest !== undefined) this.known.delete(oldest);
		return await asked;
	}
}
