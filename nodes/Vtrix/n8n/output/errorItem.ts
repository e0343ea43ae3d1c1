import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { VtrixError } from '../../core/shared/errors';
import { toNodeError } from './errors';

/**
 * The output of a failed item: the fields of its input, what happened (`error`), what helps
 * (`message`), and structured details for the workflow (`details`).
 */
export function errorItem(
	context: IExecuteFunctions,
	error: unknown,
	itemIndex: number,
): INodeExecutionData {
	const node = context.getNode();
	const nodeError = toNodeError(node, error, itemIndex);
	const report: IDataObject = {
		error: nodeError.message,
		message: nodeError.description || 'Correct what it names, then run this item again.',
		details: detailsOf(error),
	};
	const pairedItem = { item: itemIndex };
	if (node.onError !== 'continueErrorOutput') {
		return { json: { ...context.getInputData()[itemIndex]?.json, ...report }, pairedItem };
	}
	// n8n sends an item down the error branch by its `error`, copies it there together with the
	// input's fields, and reduces the JSON of a copy that has an `error` to its message. A copy takes
	// over only what is enumerable. Newer versions also recognize such an item by the names of these
	// three fields.
	return Object.defineProperty({ json: report, pairedItem }, 'error', { value: nodeError });
}

/** Only the details that are known. */
function detailsOf(error: unknown): IDataObject {
	if (!(error instanceof VtrixError)) return {};
	const { taskIds = [], links = [], code, httpStatus, requestId } = error.details;
	return {
		...(taskIds.length > 0 && { taskIds: [...taskIds] }),
		...(links.length > 0 && { links: [...links] }),
		...(code !== undefined && { code }),
		...(httpStatus !== undefined && { httpStatus }),
		...(requestId !== undefined && { requestId }),
	};
}
