import type { Task, TaskFailure } from '../exchange/answers/task';
import {
	collectImages,
	type ArrivedImages,
	type ImageHandling,
	type ImageResult,
} from './collectImages';
import { InlineImages } from '../download/inlineImages';
import type { KeepImage } from '../exchange/answers/answerReader';
import type { RetryablePoll } from '../exchange/pollOutcome';
import { formatReferences } from '../exchange/answers/errorInfo';
import { means } from '../exchange/answers/statusWords';
import { TaskFailedError, UncertainCreationError, type ErrorDetails } from '../shared/errors';
import type { Claim } from './runLedger';
import { obtainTask, type ObtainedTask } from './obtainTask';
import type { GenerationRequest } from '../request/parseRequest';
import { getTaskWithRetries, waitForTask } from '../polling/waitForTask';
import type { CreationContext, RunContext, TaskOptions } from './runContext';
import { PollSchedule } from '../polling/pollSchedule';

/** A task with its images; none while it is running. */
export interface Outcome<Stored> {
	task: Task;
	/** When this node run or an earlier try created it, by this machine's clock. */
	submittedAt: number | undefined;
	images: Array<ImageResult<Stored>>;
	params?: Record<string, unknown>;
	/** Warnings about a task that succeeded, as sentences. */
	warnings: string[];
}

/**
 * One item's way: request → task → images.
 *
 * @param prepare completes the request; called once, and not if the item is paid for
 */
export async function generate<Stored>(
	claim: Claim,
	prepare: () => Promise<GenerationRequest>,
	run: CreationContext,
	handling: ImageHandling<Stored>,
): Promise<Outcome<Stored>> {
	const inlineImages = new InlineImages(handling);
	const { spending } = run.spendingLimit;
	const { task, submittedAt, params, isUnsure } = await createAndWait(claim, prepare, run, {
		...handling.options,
		keepImage: inlineImages.keep,
	}).finally(() => spending.leave(claim));
	const outcome = await finish(task, submittedAt, run, { ...handling, inlineImages });
	const warnings = isUnsure ? [...outcome.warnings, isRequest(task)] : outcome.warnings;
	return { ...outcome, warnings, ...(params && { params }) };
}

/** The item's task at its end, or as it is now if waiting is off. */
async function createAndWait(
	claim: Claim,
	prepare: () => Promise<GenerationRequest>,
	run: CreationContext,
	options: TaskOptions & { keepImage: KeepImage },
): Promise<Pick<ObtainedTask, 'submittedAt' | 'params'> & { task: Task; isUnsure?: boolean }> {
	const { spendingLimit } = run;
	const slot = run.throttle.slot();
	try {
		const obtained = await obtainTask(claim, prepare, run, { ...options, slot });
		if (!obtained.created) slot.accepted();
		const known: Task = obtained.created ?? { id: obtained.taskId, state: 'running', images: [] };
		if (!options.wait && known.state === 'running' && !obtained.doubt) {
			return { ...obtained, task: known, isUnsure: obtained.idFrom === 'request_id' };
		}
		const watched = watch(obtained, run, options, options.keepImage);
		const task = await watched.catch(async (error: unknown) => {
			if (error instanceof UncertainCreationError)
				claim.note({ taskId: undefined, unknown: error });
			return await Promise.reject(error);
		});
		slot.ended();
		if (task.state === 'completed' || task.cost !== undefined) {
			spendingLimit.spending.count(claim, task.cost);
		}
		if (task.state === 'failed') claim.fail((task.cost ?? 0) > 0);
		return { ...obtained, task };
	} finally {
		slot.release();
	}
}

/** Fetches a task by its id, and its images when it is done. */
export async function fetchTask<Stored>(
	taskId: string,
	run: RunContext,
	handling: ImageHandling<Stored>,
): Promise<Outcome<Stored>> {
	const inlineImages = new InlineImages(handling);
	const task = await watch({ taskId }, run, handling.options, inlineImages.keep);
	return await finish(task, undefined, run, { ...handling, inlineImages });
}

async function watch(
	obtained: Pick<ObtainedTask, 'taskId'> & Partial<ObtainedTask>,
	{ client, clock, signal, random, durations, debug }: RunContext,
	{ wait, timeoutMs, intervalMs }: TaskOptions,
	keepImage: KeepImage,
): Promise<Task> {
	const { taskId, model, submittedAt, created, idFrom, doubt } = obtained;
	const reader = {
		client,
		clock,
		random,
		signal,
		keepImage,
		...((idFrom ?? doubt) && {
			unknownTask: ({ reason, details }: RetryablePoll) =>
				doubt ? stillUnknown(taskId, doubt, reason) : namelessTask(obtained, reason, details),
		}),
	};
	if (!wait && !created) return await getTaskWithRetries(taskId, reader);
	const schedule = new PollSchedule({ durations, model, random, intervalMs });
	const task = await waitForTask(taskId, {
		...reader,
		debug,
		schedule,
		submittedAt,
		firstPoll: created,
		timeoutMs: wait ? timeoutMs : 0,
	}).finally(() => schedule.close());
	// The end of a task is known only if it was seen running before.
	if (created?.state === 'running' && submittedAt !== undefined) {
		schedule.learn(clock.now() - submittedAt);
	}
	return task;
}

async function finish<Stored>(
	task: Task,
	submittedAt: number | undefined,
	run: RunContext,
	handling: ArrivedImages<Stored>,
): Promise<Outcome<Stored>> {
	if (task.state === 'running') return { task, submittedAt, images: [], warnings: [] };
	if (task.state === 'failed') throw taskFailed(task, run.adviceFor);
	const images = await collectImages(task, run, handling);
	const doubts = images.flatMap(({ warning }) => warning ?? []);
	const warnings = [...warningsOf(task), ...doubts];
	return { task, submittedAt, images, warnings };
}

const isRequest = ({ id }: Task): string =>
	`Vtrix answered with a request ID (${id}) instead of a task ID: it may know no task by it. Look for the task on your Vtrix account if the resource 'Task', operation 'Get' does not find it.`;

const MISSING = "If images are missing, use the resource 'Task', operation 'Get'.";

function warningsOf({ id, status = 'none', isEndAssumed, leftOut }: Task): string[] {
	const isNamed = means(status, 'completed');
	return [
		isEndAssumed &&
			`Task ${id} was taken as completed: its output did not change any more, though ${isNamed ? 'the answers named another task' : `Vtrix calls its status '${status}'`}. ${MISSING}`,
		means(status, 'failed') &&
			`Task ${id} has results, which are delivered, though Vtrix calls its status '${status}'.`,
		leftOut &&
			`Task ${id} told of ${leftOut} more results, which were left out: no task makes so many.`,
	].filter((text) => typeof text === 'string');
}

/** For a creation answered without a task id, when polling by the other id finds nothing. */
const namelessTask = (
	{ taskId, idFrom = 'task_id' }: Pick<ObtainedTask, 'taskId' | 'idFrom'>,
	reason: string,
	details: ErrorDetails = {},
): UncertainCreationError =>
	new UncertainCreationError(
		`Vtrix answered with a ${idFrom} (${taskId}) instead of a task ID. Asked about it, ${reason}.`,
		{ ...details, taskIds: [taskId] },
	);

/** For a creation of unknown outcome, when the task that it names is not known either. */
const stillUnknown = (
	taskId: string,
	{ reason, details }: UncertainCreationError,
	answer: string,
): UncertainCreationError =>
	new UncertainCreationError(`${reason} Asked about task ${taskId}, ${answer}.`, details);

/** No failed task is without a reason, but its type cannot tell. */
const NO_FAILURE: TaskFailure = { reason: 'no reason was given' };

function taskFailed({ id, failure }: Task, adviceFor: RunContext['adviceFor']): TaskFailedError {
	const { code, reason, requestId } = failure ?? NO_FAILURE;
	const known = code === undefined ? undefined : adviceFor(code);
	const said = [`Vtrix says: ${reason}`, formatReferences({ code, requestId })].filter(Boolean);
	return new TaskFailedError(`${known?.message ?? 'Vtrix could not make the image'} (task ${id})`, {
		description: `${known?.advice ?? 'Change the prompt or the input images, or try again in a few minutes.'} ${said.join(', ')}`,
		taskIds: [id],
		code,
		requestId,
	});
}
