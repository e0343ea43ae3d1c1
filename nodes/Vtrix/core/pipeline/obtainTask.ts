import type { KeepImage } from '../exchange/answers/answerReader';
import type { Task } from '../exchange/answers/task';
import { describeParams, encodeRequest, fileBytes } from '../request/encodeRequest';
import type { GenerationRequest } from '../request/parseRequest';
import { NotStartedError, StoppedError, UncertainCreationError } from '../shared/errors';
import type { Slot } from '../exchange/throttling/slot';
import type { Entry } from './ledger';
import type { CreationContext } from './runContext';
import type { Claim } from './runLedger';

/** Longest JSON of parameters that is kept with the execution, characters. */
const MOST_KEPT = 10_000;

/** A task that is paid for. */
export interface ObtainedTask {
	taskId: string;
	model?: string;
	submittedAt: number;
	/** What the API answered to its creation; absent when an earlier try of the node created it. */
	created?: Task;
	idFrom?: Task['idFrom'];
	/** Why it is not known whether the task that an answer names was created. */
	doubt?: UncertainCreationError;
	/** The parameters that were sent, without image data; absent if an earlier try sent long ones. */
	params?: Entry['params'];
}

/** An item's place at the service. */
export interface CreationPlace {
	/** Waits until the creation may be sent, and learns that it was accepted; its owner tells the rest. */
	slot: Slot;
	/** How long a creation may wait while the API accepts none, milliseconds. */
	timeoutMs: number;
	keepImage: KeepImage;
}

/**
 * Finds the task that this item has already paid for, or creates it.
 *
 * @param prepare completes the request; called once, and not if the claim knows a task
 * @throws UncertainCreationError, NotStartedError, SpendingLimitError, RestartedError, and what
 * `submit` throws
 */
export async function obtainTask(
	claim: Claim,
	prepare: () => Promise<GenerationRequest>,
	run: CreationContext,
	{ slot, timeoutMs, keepImage }: CreationPlace,
): Promise<ObtainedTask> {
	const { client, clock, signal, spendingLimit, progress, log } = run;
	if (claim.entry) return resume(claim, claim.entry, run);
	spendingLimit.assertOpen();
	const request = await prepare();
	const { model } = request;
	const { fingerprint, body } = await run.fileReading.run(
		fileBytes(request),
		async () => await encodeRequest(request, signal),
	);
	claim.takeOverSame(fingerprint);
	if (claim.entry) return resume(claim, claim.entry, run);
	const params = describeParams(request.params);
	const isShort = JSON.stringify(params).length <= MOST_KEPT;
	const sent = { request: fingerprint, model, ...(isShort && { params }) };
	const assertWanted = () => {
		if (signal?.aborted) throw new StoppedError([]);
		if (progress.stopCreating) throw new NotStartedError();
	};
	progress.itemsNotStarted += 1;
	await spendingLimit.admit(claim, assertWanted).finally(() => (progress.itemsNotStarted -= 1));
	await run.assertFirstStart();
	const created = await client
		.submit(body, slot, { deadline: clock.now() + timeoutMs, assertWanted, keepImage })
		.catch(async (error: unknown) => {
			if (!(error instanceof UncertainCreationError)) return await Promise.reject(error);
			const [taskId] = error.taskIds;
			return claim.note({ ...sent, taskId, createdAt: clock.now(), unknown: error });
		});
	if (!('id' in created)) return resume(claim, created, run);
	const submittedAt = clock.now();
	const { id: taskId, idFrom } = created;
	const named = { taskId, ...(idFrom && { idFrom }) };
	claim.note({ ...sent, ...named, createdAt: submittedAt });
	// the ID is part of the message: n8n prints no details at its usual log level, and after a crash
	// the log is the only place that has it
	log(`Vtrix task created: ${taskId}`, { taskId, model, itemIndex: claim.itemIndex });
	return { ...named, model, submittedAt, created, params };
}

/** @throws UncertainCreationError when no task is named: nothing is sent again then */
function resume(
	claim: Claim,
	{ taskId, createdAt = 0, idFrom, model, params, unknown }: Entry,
	{ spendingLimit, log }: CreationContext,
): ObtainedTask {
	const doubt = unknown && new UncertainCreationError(unknown.reason, unknown.details);
	if (taskId === undefined) throw doubt ?? new UncertainCreationError('No answer is known.');
	log(
		doubt
			? `Vtrix may have created this task, it is asked about: ${taskId}`
			: `Vtrix task of an earlier try found, it is not created again: ${taskId}`,
		{ taskId, itemIndex: claim.itemIndex },
	);
	spendingLimit.spending.watch(claim);
	return { taskId, submittedAt: createdAt, model, idFrom, doubt, params };
}
