import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';
import { z } from 'zod/v3';
import type { Paid } from '../../core/pipeline/runLedger';
import { InvalidParametersError, mayBeCreated, VtrixError } from '../../core/shared/errors';
import { formatSome, messageOf, sentence } from '../../core/shared/format';

/** What n8n's errors say beside their message. */
const n8nErrorSchema = z
	.object({
		description: z.string().nullish().catch(undefined),
		/** The field whose expression failed. */
		context: z.object({ parameter: z.string().optional() }).catch({}),
	})
	.catch({ context: {} });

/** Any error in the words that a user reads; only text is taken over, so that no request is. */
function toVtrixError(error: unknown): VtrixError {
	if (error instanceof VtrixError) return error;
	const { description, context } = n8nErrorSchema.parse(error);
	const where = context.parameter && `Correct the expression in '${context.parameter}'.`;
	return new VtrixError(messageOf(error), {
		description: [description, where].filter(Boolean).join(' '),
	});
}

/**
 * An error with further sentences in its description.
 *
 * @param taskIds tasks concerned beside its own
 */
export function withNotes(
	error: unknown,
	notes: readonly string[],
	taskIds: readonly string[],
): VtrixError {
	const known = toVtrixError(error);
	if (notes.length === 0) return known;
	const description = [known.description && sentence(known.description), ...notes];
	return new VtrixError(known.message, {
		...known.details,
		description: description.filter(Boolean).join(' '),
		taskIds: [...known.taskIds, ...taskIds],
	});
}

/** Tasks that are listed in a text; the details have all. */
const LISTED_TASKS = 20;

/** A sentence about tasks that were charged and failed, if there are any. */
export const lostTasks = (taskIds: readonly string[]): string[] =>
	taskIds.length === 0
		? []
		: [`Earlier tries were charged for tasks that failed (${formatSome(taskIds, LISTED_TASKS)}).`];

/**
 * An error that names whatever earlier tries of this execution have paid for, so that it does not
 * read as if nothing had been.
 */
export function withPaid(error: unknown, { taskIds, lost, unknown }: Paid): unknown {
	const known = toVtrixError(error);
	const isUntold = (taskId: string) => !known.taskIds.includes(taskId);
	const [kept, failed] = [taskIds.filter(isUntold), lost.filter(isUntold)];
	const text = `${known.message} ${known.description}`;
	const reasons = unknown.filter((reason) => !text.includes(reason));
	const notes = [
		...(kept.length > 0
			? [
					`What an earlier try of this execution has paid for stays, and a retry fetches it at no further cost (tasks ${formatSome(kept, LISTED_TASKS)}).`,
				]
			: []),
		...lostTasks(failed),
		...Array.from(new Set(reasons), mayBeCreated),
	];
	if (notes.length === 0) return error;
	const isRejection = error instanceof InvalidParametersError;
	const ofTry = isRejection ? new InvalidParametersError(error.issues, { scope: 'try' }) : error;
	return withNotes(ofTry, notes, [...kept, ...failed]);
}

/** Any error as n8n shows it: what happened, how to go on, and the item it belongs to. */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	const { message, description, httpStatus, taskIds } = toVtrixError(error);
	const nodeError =
		httpStatus === undefined
			? new NodeOperationError(node, message, { description, itemIndex })
			: new NodeApiError(
					node,
					{ message },
					{ message, description, httpCode: String(httpStatus), itemIndex },
				);
	// n8n replaces the whole message, task ID included, if it holds the code of a network error.
	nodeError.message = message;
	if (taskIds.length > 0) nodeError.context.taskIds = [...taskIds];
	return nodeError;
}
