import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type NodeApiError,
} from 'n8n-workflow';

/**
 * Whether an AI agent runs the node as its tool. Agents that leave the call to n8n's engine are known
 * by the node's type alone, and so is every agent before n8n 2.10.
 */
export const isTool = (
	context: Pick<IExecuteFunctions, 'getNode'> & Partial<Pick<IExecuteFunctions, 'isToolExecution'>>,
): boolean => context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');

/** What an image's item tells an agent: little, and in words that it can pass on. */
export function toolAnswer(json: IDataObject, { width, height, size }: IDataObject): IDataObject {
	const { taskId, index, total, url, expiresAt, cost, text } = json;
	const made = Number(total) > 1 ? `Image ${String(index)} of ${String(total)}` : 'The image';
	const until = typeof expiresAt === 'string' ? `, a link that works until ${expiresAt}` : '';
	const price =
		cost === null || cost === undefined ? '' : ` The task cost ${String(cost)} USD in all.`;
	const asked = typeof width === 'number' ? `${width}x${String(height)}` : size;
	const pixels = typeof json.width === 'number' ? `${json.width}x${String(json.height)}` : asked;
	return {
		taskId,
		...(Number(total) > 1 && { index, total }),
		url,
		expiresAt,
		...(pixels !== undefined && { size: pixels }),
		cost,
		...(text !== undefined && { text }),
		message:
			typeof url === 'string'
				? `${made} is ready: ${url}${until}.${price}`
				: `${made} is made, but came without a link; choose URL as the Response Format.${price}`,
		...(typeof url === 'string' && {
			markdown: `![${made}](${/[()\s]/.test(url) ? `<${url}>` : url})`,
		}),
	};
}

/** The same of all images of a task at once. */
export function toolAnswerOfAll(answers: readonly IDataObject[]): IDataObject {
	const [first = {}] = answers;
	const texts = (name: string) => answers.map((answer) => answer[name]).filter(Boolean);
	return {
		taskId: first.taskId,
		cost: first.cost,
		images: answers.map(({ index = 1, url, expiresAt, size }) => ({ index, url, expiresAt, size })),
		message: texts('message').join('\n'),
		markdown: texts('markdown').join('\n'),
	};
}

/** What a task that is not done tells an agent. */
export const STILL_RUNNING = 'The task is still running; ask for it again later by its task ID.';

/** An error in one sentence, which an agent can act on or pass on. */
export function toolError({
	node,
	message,
	description,
	context,
}: NodeApiError | NodeOperationError): NodeOperationError {
	const parts = [message, description ?? ''].flatMap((text) =>
		text.split(/(?:[.:]?\s*\n\s*(?:• )?|[.!]\s+)(?=\S)/).map((part) => part.replace(/[.!]+$/, '')),
	);
	const [first = '', ...rest] = [...new Set(parts)].filter(Boolean);
	const isLabelled = (part: string) => /^[^:;]{1,40}: /.test(part);
	const clauses = rest.map((part) =>
		isLabelled(part) ? part : part.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase()),
	);
	const sentence = [first, ...clauses].join('; ');
	return Object.assign(new NodeOperationError(node, `${sentence}.`), { context });
}
