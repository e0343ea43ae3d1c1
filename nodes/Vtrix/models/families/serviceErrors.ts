import type { ErrorAdvice } from '../../core/shared/errors';

const KINDS = {
	noPrompt: {
		message: 'The service received no prompt',
		advice: "Fill in 'Prompt'. If it is an expression, check that it gives text for this item.",
	},
	generation: {
		message: 'The service could not generate the image',
		advice:
			'Try again. If it happens with this input only, simplify the prompt or use another image.',
	},
	result: {
		message: 'The service could not read the result of its own generation',
		advice: 'Try again in a few minutes. If it keeps happening, tell Vtrix support the task ID.',
	},
	upstream: {
		message: 'The service did not reach the image generator behind it',
		advice: 'Try again in a few minutes. With image URLs, check that they open without signing in.',
	},
	status: {
		message: 'The service lost track of the generation',
		advice:
			"It may still have been made: ask again with the resource 'Task', operation 'Get' and the task ID before you run this item again.",
	},
	creation: {
		message: 'The service could not start the generation',
		advice: 'Try again in a few minutes. Check that your account has credit for this model.',
	},
	synchronous: {
		message: 'The service broke off while it generated the image',
		advice: 'Try again. With many reference images or a very large size, ask for less at once.',
	},
	unavailable: {
		message: 'The model is not available at the moment',
		advice: 'Try again later, or choose another model until then.',
	},
} satisfies Record<string, ErrorAdvice>;

/**
 * The codes that models document alike: ending in 1 for a missing prompt, in 95 to 99 for failures of
 * the service itself.
 *
 * @param prefix the model's part of the code, as `003011`
 * @param differing what this model's 98 and 99 stand for, as they are not the same everywhere
 */
export const serviceErrors = (
	prefix: string,
	differing: Readonly<Record<number, keyof typeof KINDS>>,
): Record<string, ErrorAdvice> =>
	Object.fromEntries(
		Object.entries({
			1: 'noPrompt',
			95: 'generation',
			96: 'result',
			97: 'upstream',
			...differing,
		} as const).map(([ending, kind]) => [prefix + ending.padStart(3, '0'), KINDS[kind]]),
	);
