import type { Task } from '../exchange/answers/task';
import { NotStartedError, SpendingLimitError, UncertainCreationError } from '../shared/errors';
import type { GenerationRequest } from '../request/parseRequest';
import { encodeRequest, fileBytes } from '../request/encodeRequest';
import type { CreationContext } from './runContext';

/** A task that is paid for. */
export interface ObtainedTask {
	taskId: string;
	model: string;
	/** When it was created, ms since the epoch by this machine's clock. */
	submittedAt: number;
	/** What the API answered to its creation; absent when an earlier try of the node created it. */
	created?: Task;
	/** The key that held the id, where the answer had no `id`. */
	idFrom?: Task['idFrom'];
	/** Records that the service knows no such task, so that a retry does not create it again. */
	leaveUncertain: () => void;
	/** Lets a retry create the task again, since this one failed at the provider. */
	forget: () => void;
}

/**
 * Finds the task that this item has already paid for, or creates it.
 *
 * @param prepare reads, checks and completes the request; called once, and not kept after it is
 * sent
 * @param timeoutMs how long a creation may wait while the API accepts none, milliseconds
 * @throws UncertainCreationError, NotStartedError, SpendingLimitError, and what `submit` throws
 */
export async function obtainTask(
	itemIndex: number,
	prepare: () => Promise<GenerationRequest>,
	context: CreationContext,
	timeoutMs: number,
): Promise<ObtainedTask> {
	const { ledger, client, clock, executionId, signal, spending, progress, creationLimit, log } =
		context;
	const request = await prepare();
	const { model } = request;
	const { fingerprint: print, body } = await context.fileReading.run(
		fileBytes(request),
		async () => await encodeRequest(request, signal),
	);
	const forget = () => ledger.forget(itemIndex, print);
	const leaveUncertain = () => ledger.note(itemIndex, print, { uncertainIn: executionId });
	const earlier = ledger.find(itemIndex, print);
	if (earlier && 'taskId' in earlier) {
		const { taskId, createdAt, idFrom } = earlier;
		log(`Vtrix task of an earlier try found, it is not created again: ${taskId}`, {
			taskId,
			itemIndex,
		});
		creationLimit.resume();
		return {
			taskId,
			model,
			submittedAt: createdAt,
			...(idFrom && { idFrom }),
			forget,
			leaveUncertain,
		};
	}
	// Within one execution the outcome is still unknown, so nothing is sent again; starting a retry
	// by hand later is the user's decision.
	if (earlier?.uncertainIn === executionId) {
		throw new UncertainCreationError('An earlier try of this execution did not learn the outcome.');
	}
	const assertWanted = () => {
		if (progress.stopCreating) throw new NotStartedError();
		if (spending.exhausted) throw new SpendingLimitError(spending.limit, spending.total);
	};
	assertWanted();
	const created = await client
		.submit(body, clock.now() + timeoutMs, assertWanted)
		.catch((error: unknown) => {
			if (error instanceof UncertainCreationError) leaveUncertain();
			return Promise.reject(error);
		});
	const submittedAt = clock.now();
	const { id: taskId, idFrom } = created;
	const named = { taskId, ...(idFrom && { idFrom }) };
	ledger.note(itemIndex, print, { ...named, createdAt: submittedAt });
	// the ID is part of the message: n8n prints no details at its usual log level, and after a crash
	// the log is the only place that has it
	log(`Vtrix task created: ${taskId}`, { taskId, model, itemIndex });
	return { ...named, model, submittedAt, created, forget, leaveUncertain };
}
