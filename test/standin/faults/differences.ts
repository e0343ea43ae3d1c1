import type { RunningOptions } from '../options';
import type { Fault, FaultConditions, FaultKind } from './schemas';

/** What is needed of a stand-in to make it different; also one in another process. */
export interface Differing {
	fault(kind: FaultKind, fault: Fault, conditions?: FaultConditions): unknown;
	configure(options: RunningOptions): unknown;
}

/**
 * Ways in which a real gateway may differ from its documentation although nothing is lost: each can
 * be played alone, and all of them at once. A picture meets one fault only, so the first two that are
 * fetched carry one each.
 */
export const DIFFERENCES = {
	'output as one object where a list is documented': (at) =>
		at.fault('create', { type: 'outputForm', form: 'object' }),
	'done in the place of completed': (at) => at.fault('create', { type: 'doneWord', word: 'done' }),
	'states of running tasks in upper case': (at) =>
		at.fault('create', { type: 'statusWord', word: 'IN_PROGRESS' }),
	'202 while a task runs': (at) => at.fault('create', { type: 'runningStatus', code: 202 }),
	'a cost that is a number': (at) => at.fault('create', { type: 'numericCost' }),
	'a field that nobody documented': (at) =>
		at.fault('create', { type: 'moreFields', fields: { request_id: 'req-7f3a' } }),
	'refusals in an envelope': (at) => at.configure({ refusals: 'envelope' }),
	'pictures behind a redirect': (at) =>
		at.fault('download', { type: 'redirect', to: 'cross-origin' }, { times: 1 }),
	'pictures of no particular type': (at) =>
		at.fault('download', { type: 'contentType', value: 'application/octet-stream' }, { times: 1 }),
	'pictures without a length': (at) => at.fault('download', { type: 'chunked' }),
} satisfies Record<string, (at: Differing) => unknown>;

export type Difference = keyof typeof DIFFERENCES;

/** Plays these differences, all of them unless told. */
export async function playDifferences(
	at: Differing,
	names: readonly Difference[] = ALL_DIFFERENCES,
): Promise<void> {
	for (const name of names) await DIFFERENCES[name](at);
}

/** Every difference by its name. */
export const ALL_DIFFERENCES = Object.keys(DIFFERENCES).filter(
	(name): name is Difference => name in DIFFERENCES,
);
