import { pictureOf } from '../../../test/standin/playback/pictures';
import {
	readImageMark,
	type RecordedExchange,
	type RecordedStep,
} from '../../../test/standin/playback/format';
import { isRecord } from '../../../test/standin/validation/checks';
import type { ImagePlan } from '../../../test/standin/validation/modelRules';
import { judge } from '../../../test/standin/validation/request';
import { readTask } from '../reading/readTask';

/** Where tasks are created, below the base URL. */
export const CREATE = '/model/v1/generation';
const TASK = `${CREATE}/task/`;

/** What the stand-in would have done with a creation. */
export type Expected =
	| { kind: 'accepted'; model: string; plan: ImagePlan }
	| { kind: 'refused' }
	/** The stand-in does not know the model. */
	| { kind: 'unknown model'; model: string };

/** A task that was created in a recording. */
export interface CreatedTask {
	id: string;
	expected: Expected;
	/** When its creation was answered, ms since the beginning of its step. */
	atMs: number;
	step: string;
}

/** JSON of an answer or a request, where it is JSON. */
export const jsonOf = (part: { body?: { kind: string; value?: unknown } } | undefined): unknown =>
	part?.body?.kind === 'json' ? part.body.value : undefined;

/** Id in the path of a poll; `undefined` for every other request. */
export function polledId({ to, method, path }: RecordedExchange): string | undefined {
	if (to !== 'gateway' || method !== 'GET' || !path.startsWith(TASK)) return undefined;
	const id = path.slice(TASK.length);
	try {
		return decodeURIComponent(id);
	} catch {
		return id;
	}
}

export const isCreation = ({ to, method, path }: RecordedExchange): boolean =>
	to === 'gateway' && method === 'POST' && path === CREATE;

/** What the stand-in would make of a recorded creation: it is asked itself. */
export async function expectedOf(exchange: RecordedExchange): Promise<Expected> {
	const body = await withPictures(jsonOf(exchange.sent));
	const verdict = await judge(body, false);
	if (verdict.accepted) return { kind: 'accepted', model: verdict.model, plan: verdict.plan };
	if (verdict.code !== 'model_not_found') return { kind: 'refused' };
	return { kind: 'unknown model', model: isRecord(body) ? String(body.model) : '' };
}

/** The tasks of a recording by their ids. */
export async function tasksOf(steps: readonly RecordedStep[]): Promise<Map<string, CreatedTask>> {
	const tasks = new Map<string, CreatedTask>();
	for (const { step, exchanges } of steps) {
		for (const exchange of exchanges.filter(isCreation)) {
			const id = readTask(jsonOf(exchange.answer))?.id;
			if (id === undefined || (exchange.answer?.status ?? 500) >= 400) continue;
			const expected = await expectedOf(exchange);
			tasks.set(id, { id, expected, atMs: exchange.atMs + exchange.tookMs, step });
		}
	}
	return tasks;
}

/** A request with real pictures in the place of their marks. */
async function withPictures(value: unknown): Promise<unknown> {
	if (typeof value === 'string') {
		const found = readImageMark(value);
		if (!found) return value;
		return value.replace(found.mark, (await pictureOf(found.image)).toString('base64'));
	}
	if (Array.isArray(value)) return await Promise.all(value.map(withPictures));
	if (!isRecord(value)) return value;
	const entries = Object.entries(value).map(
		async ([name, entry]) => [name, await withPictures(entry)] as const,
	);
	return Object.fromEntries(await Promise.all(entries));
}
