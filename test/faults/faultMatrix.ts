/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { runVtrix } from '../node/runVtrix';
import type { Fault, FaultKind, StandIn } from '../standin';
import type { NodeRun } from '../support/runNode';
import { inOwnTime } from './fakeTimeTransport';
import { leaksOf, rawPartsOf } from './leaks';
import { forPrompts, isIntact, itemsOf, KEY, startProvider } from './provider';

/** One fault, and what has to become of the item that meets it. */
export interface Row {
	/** What goes wrong, as the end of a sentence. */
	name: string;
	fault: Fault;
	/** How often it happens; always unless told. */
	times?: number;
	/** What the user reads; left out when the image comes all the same. */
	error?: {
		says: RegExp;
		/** How to go on. */
		advises: RegExp;
		/** Whether it names the task; so it is for every task that the node knows of. */
		namesTask?: boolean;
	};
	/** Tasks that exist at the provider in the end; 1 unless told. */
	tasks?: number;
	/** Creations sent; 1 unless told, or [at least, at most]. */
	creations?: number | [number, number];
	/** Polls of the task, where it matters. */
	polls?: number;
	/** Requests for its image, where it matters. */
	downloads?: number;
	/** What the user is told although the image comes. */
	hint?: RegExp;
	/** The node's Options. */
	options?: INodeParameters;
}

/** What came of a row. */
export interface Met {
	/** Tasks of the item that met the fault, and creations sent for it. */
	tasks: number;
	creations: number;
	polls: number;
	downloads: number;
	hints: string[];
	/** Message and description of its error. */
	error?: { message: string; description: string };
	taskId: string | undefined;
	/** For each item its prompt and whether its file is the provider's, in order of the output. */
	images: Array<{ prompt: unknown; intact: boolean }>;
	/** Where the key was seen that it must not be, and parts of requests that errors carry. */
	leaks: string[];
	complaints: readonly string[];
	/** Connections that are left open. */
	connections: number;
	status: string;
}

const LANES = 8;
const HIT = 1;
const prompts = ['one', 'two', 'three'];

/** Lets one item, or the second of three, meet the fault. Of three, the others must not notice. */
export async function meet(on: FaultKind, row: Row, among: 1 | 3, now: () => number): Promise<Met> {
	const standIn = await startProvider({ now });
	try {
		standIn.fault(on, row.fault, {
			match: forPrompts(standIn, prompts[HIT]),
			...(row.times && { times: row.times }),
		});
		const run = await runVtrix(
			standIn,
			{ model: 'spark_dream_5_0', prompt: '={{ $json.prompt }}', options: row.options ?? {} },
			itemsOf(among === 1 ? [prompts[HIT]] : prompts),
			among === 3 ? { nodeOverrides: { onError: 'continueRegularOutput' } } : {},
		);
		const output = run.items[0] ?? [];
		const [task] = standIn.tasks.filter(({ prompt }) => prompt === prompts[HIT]);
		const images = await Promise.all(
			output
				.filter(({ binary }) => binary !== undefined)
				.map(async (item) => ({
					prompt: item.json.prompt,
					intact: await isIntact(standIn, item),
				})),
		);
		return {
			tasks: standIn.creationsAccepted - (among - 1),
			creations: standIn.creationsReceived - (among - 1),
			polls: task?.polls ?? 0,
			downloads: task?.images[0].downloads ?? 0,
			hints: run.hints.map(({ message }) => message),
			error: errorOf(run, output),
			taskId: task?.id,
			images,
			leaks: [...standIn.leaks, ...leaksOf(run, KEY), ...rawPartsOf(run)],
			complaints: standIn.complaints,
			connections: await leftOpen(standIn),
			status: run.status,
		};
	} finally {
		await standIn.close();
	}
}

/** Connections that are still open after the moment that closing one takes. */
async function leftOpen(standIn: StandIn): Promise<number> {
	for (let tries = 0; tries < 100 && (await standIn.connections()) > 0; tries += 1) await sleep(20);
	return await standIn.connections();
}

function errorOf(run: NodeRun, output: INodeExecutionData[]): Met['error'] {
	const failed = output.find(({ json }) => json.error !== undefined);
	if (failed) {
		const { json } = failed;
		const told = { error: expect.any(String), message: expect.any(String) };
		expect(json).toEqual({ prompt: prompts[HIT], ...told, details: expect.any(Object) });
		return { message: String(json.error), description: String(json.message) };
	}
	return (
		run.error && {
			message: run.error.message,
			description: String(run.error.description ?? ''),
		}
	);
}

/** Judges what came of a row. */
export function judge(row: Row, among: 1 | 3, met: Met): void {
	const { error, tasks = 1, creations = 1, polls, downloads, hint } = row;
	expect(met.leaks).toEqual([]);
	expect(met.complaints).toEqual([]);
	expect(met.connections).toBe(0);
	const others = among === 1 ? [] : prompts.filter((_, index) => index !== HIT);
	const delivered = error ? others : among === 1 ? [prompts[HIT]] : prompts;
	expect(met.images).toEqual(delivered.map((prompt) => ({ prompt, intact: true })));
	expect(met.status).toBe(error && among === 1 ? 'error' : 'success');
	expect(met.tasks).toBe(tasks);
	const [least, most] = typeof creations === 'number' ? [creations, creations] : creations;
	expect(met.creations).toBeGreaterThanOrEqual(least);
	expect(met.creations).toBeLessThanOrEqual(most);
	if (polls !== undefined) expect(met.polls).toBe(polls);
	if (downloads !== undefined) expect(met.downloads).toBe(downloads);
	expect(met.hints).toEqual(hint ? [expect.stringMatching(hint)] : []);
	if (!error) {
		expect(met.error).toBeUndefined();
		return;
	}
	expect(met.error?.message).toMatch(error.says);
	expect(met.error?.description).toMatch(error.advises);
	if (error.namesTask ?? true) {
		expect(met.taskId).toEqual(expect.any(String));
		expect(met.error?.message).toContain(met.taskId);
	}
}

/** Declares the tests of rows, each of which one item meets, alone or among three. */
export function testMatrix(on: FaultKind, rows: Row[], among: 1 | 3): void {
	const met = new Map<Row, Promise<Met>>();
	// Most of a case is waiting, so several go on at once; a case that fails tells it in its own test.
	beforeAll(async () => {
		const waiting = [...rows];
		const work = async () => {
			for (let next = waiting.shift(); next; next = waiting.shift()) {
				const row = next;
				const meeting = inOwnTime(async (now) => await meet(on, row, among, now));
				met.set(row, meeting);
				await meeting.catch(() => {});
			}
		};
		await Promise.all(Array.from({ length: LANES }, work));
	}, 120_000);
	test.each(rows)('$name', async (row) => {
		const result = await met.get(row);
		if (!result) throw new Error('The case was not run');
		judge(row, among, result);
	});
}
