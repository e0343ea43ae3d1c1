import type { Task, TaskImage } from './answers';
import type { Client } from './client';
import {
	assertFetchable,
	download,
	keepInline,
	type Fetching,
	type Picture,
	type Store,
} from './download';
import type { DownloadLimit } from './downloadLimit';
import {
	NotStartedError,
	SpendingLimitError,
	StoppedError,
	TaskFailedError,
	UncertainCreationError,
} from './errors';
import type { Experience } from './experience';
import type { Clock } from './http';
import type { Ledger } from './ledger';
import type { ErrorAdvice, Request } from './model';
import { lookOnce, pollUntilEnded } from './poll';
import { encodeRequest, fingerprint } from './request';
import { Schedule } from './schedule';
import type { Spending } from './spending';

/** What all items of one node run share. */
export interface Run {
	client: Client;
	clock: Clock;
	/** Aborted when the run is stopped. */
	signal?: AbortSignal;
	random: () => number;
	ledger: Ledger;
	/** Tells this execution from a later retry of it. */
	executionId: string;
	experience: Experience;
	spending: Spending;
	/** Switched on when an item's failure ends the run: no further task is created. */
	halt: { on: boolean };
	/** How many items have not begun yet. */
	queue: { length: number };
	downloads: Fetching;
	/** Bounds the downloads of the whole run. */
	downloadLimit: DownloadLimit;
	adviceFor: (code: string) => ErrorAdvice | undefined;
	log: (message: string, details: Record<string, string | number>) => void;
}

/** How one item wants its task watched and its images delivered. */
export interface Delivery {
	/** Whether to wait for the task's end. */
	wait: boolean;
	timeoutMs: number;
	/** Milliseconds between two looks; 0 adapts to the task. */
	intervalMs: number;
	/** Whether to fetch the images, or to hand on their links. */
	downloadImages: boolean;
	/** Largest image to fetch. */
	maxBytes: number;
}

/** One image of a finished task, in the task's order. */
export interface Result<Stored> {
	url?: string;
	/** Absent when it was not asked for, or could not be had. */
	picture?: Picture<Stored>;
	/** Why the image is missing. */
	problem?: Error;
}

/** A task with its images; without them while it is running. */
export interface Outcome<Stored> {
	task: Task;
	/** When it was created, ms since the epoch, by the API's clock if it told. */
	createdAt: number;
	results: Array<Result<Stored>>;
}

/** One item's way: request → task → images. */
export async function generate<Stored>(
	itemIndex: number,
	/** Reads, checks and completes the request; called once, and not kept after it is sent. */
	prepare: () => Promise<Request>,
	run: Run,
	delivery: Delivery,
	store: (index: number, taskId: string) => Store<Stored>,
	/** Called when its last image has begun to come: another task may take its place. */
	release: () => void,
): Promise<Outcome<Stored>> {
	const { task, createdAt, forget } = await obtainTask(itemIndex, prepare, run, delivery.timeoutMs);
	if (!delivery.wait && task.state === 'running') return { task, createdAt, results: [] };
	return await finish(task, createdAt, run, delivery, store, release, forget);
}

/** Fetches a task by its id: its state, and its images when it is done. */
export async function fetchTask<Stored>(
	taskId: string,
	run: Run,
	delivery: Delivery,
	store: (index: number, taskId: string) => Store<Stored>,
	release: () => void,
): Promise<Outcome<Stored>> {
	return await finish(unasked(taskId), 0, run, delivery, store, release, () => {});
}

interface Obtained {
	task: Task;
	createdAt: number;
	forget: () => void;
}

/** Finds the task that this item has paid for already, or creates it. */
async function obtainTask(
	itemIndex: number,
	prepare: () => Promise<Request>,
	run: Run,
	timeoutMs: number,
): Promise<Obtained> {
	const { ledger, client, clock, executionId, spending, halt, log } = run;
	const request = await prepare();
	const print = fingerprint(request);
	const forget = () => ledger.forget(itemIndex, print);
	const known = ledger.find(itemIndex, print);
	if (known && 'taskId' in known) {
		log(`Vtrix task of an earlier try found, it is not created again: ${known.taskId}`, {
			taskId: known.taskId,
			itemIndex,
		});
		return { task: unasked(known.taskId, request.model), createdAt: known.createdAt, forget };
	}
	// Within one execution nobody has looked yet whether the task exists; in a later one somebody decided.
	if (known?.uncertainIn === executionId) {
		throw new UncertainCreationError('An earlier try of this execution did not learn the outcome.');
	}
	const assertWanted = () => {
		if (halt.on) throw new NotStartedError();
		if (spending.exhausted) throw new SpendingLimitError(spending.limit, spending.total);
	};
	assertWanted();
	const task = await client
		.submit(encodeRequest(request), clock.now() + timeoutMs, assertWanted)
		.catch((error: unknown) => {
			if (error instanceof UncertainCreationError) {
				ledger.note(itemIndex, print, { uncertainIn: executionId });
			}
			return Promise.reject(error);
		});
	const createdAt = clock.now();
	ledger.note(itemIndex, print, { taskId: task.id, createdAt });
	// n8n prints no details at its usual log level, and after a crash the ID is had from nowhere else
	log(`Vtrix task created: ${task.id}`, { taskId: task.id, model: request.model, itemIndex });
	return { task: { ...task, model: task.model ?? request.model }, createdAt, forget };
}

/** A task of which nothing but its id is known yet. */
const unasked = (id: string, model?: string): Task => ({
	id,
	state: 'running',
	status: '',
	images: [],
	...(model !== undefined && { model }),
});

/** Waits for a task's end and brings its images home. */
async function finish<Stored>(
	known: Task,
	createdAt: number,
	run: Run,
	delivery: Delivery,
	store: (index: number, taskId: string) => Store<Stored>,
	release: () => void,
	forget: () => void,
): Promise<Outcome<Stored>> {
	const { client, clock, signal, random, experience, spending } = run;
	const asked = known.status !== '';
	const schedule = new Schedule(experience, known.model ?? '', random);
	const polling = {
		client,
		clock,
		random,
		createdAt,
		timeoutMs: delivery.wait ? delivery.timeoutMs : 0,
		schedule: (ageMs: number, progress?: number) => {
			const look = schedule.next(ageMs, progress);
			const { intervalMs: inMs } = delivery;
			return inMs > 0 ? { inMs, likelyDone: look.likelyDone } : look;
		},
		...(signal && { signal }),
	};
	const looking =
		delivery.wait || asked
			? pollUntilEnded(known.id, polling, asked ? known : undefined)
			: lookOnce(known.id, polling);
	const task = await looking.finally(() => schedule.close());
	if (task.state === 'running')
		return { task, createdAt: task.createdAt ?? createdAt, results: [] };
	if (asked && known.state === 'running') schedule.learn(clock.now() - createdAt);
	if (task.state === 'completed' || task.cost !== undefined) spending.add(task.cost);
	if (task.state === 'failed') {
		forget();
		throw taskFailed(task, run.adviceFor);
	}
	const fetching = Promise.all(
		task.images.map(
			async (image, index) =>
				await fetchImage(image, task.id, run, delivery, store(index, task.id)),
		),
	);
	// Tasks that end faster than their images come would otherwise pile them up, and images expire.
	void run.downloadLimit.caughtUp().then(release);
	const results = await fetching;
	const stopped = results.find(({ problem }) => problem instanceof StoppedError);
	if (stopped?.problem) throw stopped.problem;
	if (results.every(({ problem }) => problem !== undefined)) {
		throw results[0]?.problem ?? noImages(task);
	}
	return { task, createdAt: task.createdAt ?? createdAt, results };
}

async function fetchImage<Stored>(
	image: TaskImage,
	taskId: string,
	{ downloads, downloadLimit }: Run,
	{ downloadImages, maxBytes }: Delivery,
	store: Store<Stored>,
): Promise<Result<Stored>> {
	if ('missing' in image) {
		return {
			problem: new TaskFailedError(`One image of task ${taskId} was not generated`, {
				description: `Vtrix says: ${image.missing}. The other images of the task are complete. Run this item again for another try.`,
				taskIds: [taskId],
			}),
		};
	}
	const fetched = async () => {
		if (!('url' in image)) {
			return await downloadLimit.run(async () => await keepInline(image.base64, taskId, store));
		}
		assertFetchable(image.url, taskId, downloads.baseUrl);
		if (!downloadImages) return undefined;
		const onSize = (bytes: number) => downloadLimit.learn(bytes);
		return await downloadLimit.run(
			async (onArrival) =>
				await download(image.url, taskId, { ...downloads, maxBytes, onSize, onArrival }, store),
		);
	};
	const url = 'url' in image ? { url: image.url } : {};
	return await fetched().then(
		(picture) => ({ ...url, ...(picture && { picture }) }),
		(error: unknown) => ({
			...url,
			problem: error instanceof Error ? error : new Error(String(error)),
		}),
	);
}

const noImages = ({ id }: Task): TaskFailedError =>
	new TaskFailedError(`Task ${id} ended without an image`, {
		description:
			'Vtrix reported it as completed. Tell Vtrix support the task ID, or run this item again.',
		taskIds: [id],
	});

function taskFailed({ id, failure }: Task, adviceFor: Run['adviceFor']): TaskFailedError {
	const { code, reason = '' } = failure ?? {};
	const known = code === undefined ? undefined : adviceFor(code);
	const told = [reason && `Vtrix says: ${reason}`, code && `code ${code}`].filter(Boolean);
	return new TaskFailedError(`${known?.message ?? 'Vtrix could not make the image'} (task ${id})`, {
		description:
			`${known?.advice ?? 'Change the prompt or the input images, or try again in a few minutes.'} ${told.join(', ')}`.trim(),
		taskIds: [id],
	});
}
