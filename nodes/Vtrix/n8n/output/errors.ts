import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';
import { VtrixError } from '../../core/shared/errors';

/** Any error as n8n shows it: what happened, how to go on, and the item it belongs to. */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (!(error instanceof VtrixError)) {
		const message = error instanceof Error ? error.message : String(error);
		return new NodeOperationError(node, message, { itemIndex });
	}
	const { message, description, httpStatus, taskIds } = error;
	// Only text is passed on, so that no request with its headers can be exposed.
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
