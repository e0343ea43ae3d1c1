import {
	FORMAT,
	type RecordedExchange,
	type RecordedOutcome,
	type RecordedStep,
} from '../../../test/standin/playback/format';
import type { Exchange } from '../proxy/exchange';
import { StepRedactor, type Redactor } from './redact';

/** A step that has ended, before anything is taken out. */
export interface FinishedStep {
	step: string;
	title: string;
	does: RecordedStep['does'];
	outcome: RecordedOutcome;
	exchanges: readonly Exchange[];
}

/** Headers of a request that matter. */
const SENT = ['accept', 'authorization', 'content-type'];

/** Which key a request carried, without telling it. */
export type KeyName = (authorization: string) => string;

async function recordExchange(
	exchange: Exchange,
	begin: number,
	redactor: StepRedactor,
	all: Redactor,
	keyName: KeyName,
): Promise<RecordedExchange> {
	const { to, url, path, method, sentHeaders, sentBody, answer, broke, startedAt } = exchange;
	const headers = SENT.flatMap((name): Array<[string, string]> => {
		const value = sentHeaders[name];
		if (value === undefined) return [];
		return [[name, name === 'authorization' ? keyName(value) : all.text(value)]];
	});
	return {
		to,
		host: all.host(new URL(url).origin),
		method,
		path: to === 'images' ? pathOf(redactor.link(url)) : all.text(path),
		sent: {
			headers: Object.fromEntries(headers),
			...(sentBody.length > 0 && { body: await redactor.body(sentBody) }),
		},
		...(answer && {
			answer: {
				status: answer.status,
				headers: redactor.headers(answer.headers, answer.location),
				body: await redactor.body(answer.body),
			},
		}),
		...(broke !== undefined && { broke }),
		atMs: startedAt - begin,
		tookMs: (exchange.endedAt ?? Date.now()) - startedAt,
	};
}

const pathOf = (link: string): string => link.replace(/^https?:\/\/[^/]+/, '');

/** A step as it is kept: without keys, prompts, image data, queries of links and whatever is private. */
export async function recordStep(
	finished: FinishedStep,
	all: Redactor,
	keyName: KeyName,
): Promise<RecordedStep> {
	const { step, title, does, outcome, exchanges } = finished;
	const redactor = new StepRedactor(all);
	const begin = exchanges[0]?.startedAt ?? 0;
	const recorded: RecordedExchange[] = [];
	// one after the other, so that links are numbered in the order in which they came
	for (const exchange of exchanges) {
		recorded.push(await recordExchange(exchange, begin, redactor, all, keyName));
	}
	return {
		recording: FORMAT,
		step,
		title,
		does:
			does.kind === 'node'
				? { ...does, parameters: { ...asRecord(await redactor.json(does.parameters)) } }
				: does,
		outcome: {
			...outcome,
			...(outcome.error && {
				error: {
					message: all.text(outcome.error.message),
					description: all.text(outcome.error.description),
				},
			}),
			images: outcome.images.map((image) => ({ ...image, fileName: all.text(image.fileName) })),
		},
		exchanges: recorded,
	};
}

const asRecord = (value: unknown): Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
		? Object.fromEntries(Object.entries(value))
		: {};
