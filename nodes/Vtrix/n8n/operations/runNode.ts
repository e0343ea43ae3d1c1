import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { InvalidParametersError } from '../../core/shared/errors';
import { formatChoice } from '../../core/shared/format';
import { errorItem } from '../output/errorItem';
import { toNodeError } from '../output/errors';
import { isTool, toolError } from '../output/toolAnswer';
import { OPERATIONS } from './index';
import type { Operation } from './operation';

/**
 * Runs the operation that the node is set to on all input items.
 *
 * With Continue On Fail what is wrong for the whole run makes every item an error item: n8n would
 * send all of them out as if they had worked. A stop always throws.
 *
 * @throws NodeApiError or NodeOperationError
 */
export async function runNode(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	try {
		return await findOperation(context).run(context);
	} catch (error) {
		const isStopped = context.getExecutionCancelSignal()?.aborted === true;
		if (isStopped || !context.continueOnFail()) {
			const nodeError = toNodeError(context.getNode(), error, 0);
			throw isTool(context) ? toolError(nodeError) : nodeError;
		}
		return context.getInputData().map((_, itemIndex) => errorItem(context, error, itemIndex));
	}
}

/** @throws InvalidParametersError for a pair that no operation has, as in an edited workflow */
function findOperation(context: IExecuteFunctions): Operation {
	const resource: unknown = context.getNodeParameter('resource', 0);
	const operation: unknown = context.getNodeParameter('operation', 0, '');
	const found = OPERATIONS.find(
		({ resource: { value: ofResource }, value }) => ofResource === resource && value === operation,
	);
	if (found) return found;
	const known = OPERATIONS.map((one) => `${one.resource.value} › ${one.value}`);
	throw new InvalidParametersError([
		{
			label: 'Operation',
			value: `${String(resource)} › ${String(operation)}`,
			message: `is not one that this node has. Choose ${formatChoice(known)} from the lists, or update the node.`,
		},
	]);
}
