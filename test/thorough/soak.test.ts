/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { INodeExecutionData } from 'n8n-workflow';
import { runVtrix } from '../node/runVtrix';
import type { Fault, FaultKind, StandIn } from '../standin';
import { initBinaryData, readBinary, type BinaryStore } from '../support/binaryStore';
import type { NodeRun } from '../support/runNode';
import { leaksOf } from '../faults/leaks';
import { computedText, plainText } from './computedFields';
import { itemsOf, KEY, startProvider } from '../faults/provider';

/** `SOAK_ITEMS` for more or less of it, `SOAK_SEED` for other chances. */
const ITEMS = Number(process.env.SOAK_ITEMS ?? 2000);
const SEED = process.env.SOAK_SEED ?? '1';
const CONCURRENCY = 50;

/** What goes wrong, and for how many of a thousand requests. */
const CHANCES: Array<[FaultKind, number, Fault]> = [
	['create', 30, { type: 'status', code: 429, retryAfterSeconds: 0.2 }],
	['create', 10, { type: 'reset', created: true }],
	['create', 10, { type: 'reset', created: false }],
	['create', 10, { type: 'status', code: 503, created: true }],
	['create', 10, { type: 'halfJson' }],
	['create', 10, { type: 'notJson', body: '<html>', created: false }],
	['create', 10, { type: 'status', code: 402 }],
	['create', 20, { type: 'failed', error: { code: 'dark', message: 'too dark' } }],
	['create', 10, { type: 'completedWithError' }],
	['create', 10, { type: 'completedEmpty' }],
	['create', 30, { type: 'notFoundFirst', polls: 2 }],
	['create', 20, { type: 'completeAtOnce' }],
	['create', 10, { type: 'upperCase' }],
	['create', 3, { type: 'neverEnds' }],
	['poll', 40, { type: 'status', code: 503 }],
	['poll', 5, { type: 'status', code: 429, retryAfterSeconds: 0.3 }],
	['poll', 30, { type: 'reset', rst: true }],
	['poll', 20, { type: 'halfJson' }],
	['poll', 20, { type: 'notJson', body: '<html>' }],
	['poll', 20, { type: 'statusWord', word: 'reticulating', forever: true }],
	['poll', 5, { type: 'status', code: 401 }],
	['download', 40, { type: 'status', code: 503 }],
	['download', 30, { type: 'reset' }],
	['download', 20, { type: 'truncated' }],
	['download', 20, { type: 'truncated', how: 'consistent' }],
	['download', 20, { type: 'html' }],
	['download', 10, { type: 'empty' }],
	['download', 50, { type: 'redirect', to: 'cross-origin' }],
	['download', 10, { type: 'slowDrip', bytesPerSecond: 2000 }],
	['download', 5, { type: 'expired' }],
	['download', 3, { type: 'endless' }],
];

const prompts = Array.from({ length: ITEMS }, (_, index) => `picture ${index}`);

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Megabytes that are in use once the garbage is gone, each time that so many tasks more are done. */
function watchMemory(standIn: StandIn): { heapAt: Map<number, number>; end: () => void } {
	const heapAt = new Map<number, number>();
	const timer = setInterval(() => {
		const { completed, failed } = standIn.stats;
		const step = Math.floor((10 * (completed + failed)) / ITEMS);
		if (heapAt.has(step)) return;
		collectGarbage();
		const { heapUsed, external } = process.memoryUsage();
		heapAt.set(step, (heapUsed + external) / 1e6);
	}, 100);
	return { heapAt, end: () => clearInterval(timer) };
}

let standIn: StandIn;
let store: BinaryStore;
let run: NodeRun;
let output: INodeExecutionData[];
let heapAt: Map<number, number>;
const warnings: Error[] = [];
const warn = (warning: Error) => warnings.push(warning);

beforeAll(async () => {
	process.on('warning', warn);
	store = await initBinaryData();
	standIn = await startProvider({
		seed: SEED,
		latencyMs: [0, 400],
		keepRequests: false,
		taskLimit: Infinity,
	});
	for (const [kind, perMille, fault] of CHANCES) {
		standIn.fault(kind, fault, { probability: perMille / 1000 });
	}
	const memory = watchMemory(standIn);
	run = await runVtrix(
		standIn,
		{
			model: 'spark_dream_5_0',
			prompt: computedText('={{ $json.prompt }}', () => 0.999),
			options: {
				fileName: computedText('={{ $json.prompt }}', () => 0.999),
				maxConcurrency: CONCURRENCY,
				maxPollsPerSecond: 1000,
				timeout: 10,
				maxFileSize: 1,
			},
		},
		itemsOf(prompts),
		{ nodeOverrides: { onError: 'continueRegularOutput' } },
	);
	memory.end();
	({ heapAt } = memory);
	[output] = run.items;
}, 600_000);
afterAll(async () => {
	process.off('warning', warn);
	await standIn.close();
	store.cleanup();
});

const indexOf = ({ pairedItem }: INodeExecutionData): number =>
	typeof pairedItem === 'object' && 'item' in pairedItem ? pairedItem.item : NaN;

test('every item comes out, as an image or as an error, in order', () => {
	expect(output.map(indexOf)).toEqual(prompts.map((_, index) => index));
	const images = output.filter(({ binary }) => binary !== undefined);
	expect(images.length).toBeGreaterThan(ITEMS * 0.7);
	for (const { json, binary } of output) expect(binary === undefined).toBe('error' in json);
});

test("every created task's image is out, or its item tells of it", async () => {
	for (const task of standIn.tasks) {
		const item = output[prompts.indexOf(plainText(task.prompt))];
		const { error } = item.json;
		if (error === undefined) {
			expect(item.json.taskId).toBe(task.id);
			const image = await standIn.imageBytes(task.id, 0);
			// An image that was cut off twice in the same way comes with a hint.
			const isDoubted = run.hints.some(({ message }) => message.includes(task.id));
			expect(image.equals(await readBinary(item))).toBe(!isDoubted);
		} else if (task.polls > 0 || task.outcome !== undefined) {
			expect(error).toContain(task.id);
		} else {
			expect(error).toMatch(/may have been created and billed/);
		}
	}
});

test('nothing is created twice, and nothing is sent again that may have been', () => {
	expect(new Set(standIn.tasks.map(({ prompt }) => prompt)).size).toBe(standIn.tasks.length);
	const limited = standIn.stats.statuses['create 429'] ?? 0;
	expect(standIn.creationsReceived).toBe(ITEMS + limited);
});

test('faults of every kind took place', () => {
	const { faults } = standIn.stats;
	const met = Object.values(faults).reduce((sum, count) => sum + count, 0);
	expect(met).toBeGreaterThan(ITEMS / 3);
	const missing = CHANCES.map(([, , { type }]) => type).filter((type) => !faults[type]);
	// Of a thousand items every fault meets some.
	expect(missing.length).toBeLessThan(ITEMS < 1000 ? CHANCES.length / 2 : 1);
});

test('memory stays flat', () => {
	const [first = 0, ...later] = [...heapAt].filter(([step]) => step > 0).map(([, heap]) => heap);
	expect(warnings).toEqual([]);
	// Outcomes are kept until the end, the provider's own notes too: some kilobytes each.
	expect(Math.max(...later) - first).toBeLessThan(10 + ITEMS * 0.02);
});

test('the run is done in bounded time, and keeps the key to itself', () => {
	expect(run.durationMs).toBeLessThan(60_000 + ITEMS * 100);
	expect(standIn.leaks).toEqual([]);
	expect(leaksOf(run, KEY)).toEqual([]);
	process.stdout.write(
		`${ITEMS} items in ${(run.durationMs / 1000).toFixed(1)} s, heap ${[...heapAt].map(([step, heap]) => `${step}: ${heap.toFixed(0)}`).join(', ')} MB, ${JSON.stringify(standIn.stats.faults)}, ${JSON.stringify(standIn.stats.statuses)}\n`,
	);
});
