import { refusedError } from '../../nodes/Vtrix/core/exchange/refusedError';
import { statusAdvice } from '../../nodes/Vtrix/core/exchange/statusAdvice';

const SOMETHING_ELSE = 'Something other than Vtrix answered';

describe('what a status means', () => {
	test.each([
		[500, undefined, 'Vtrix has trouble at the moment'],
		[503, 'Bad Gateway', 'Vtrix has trouble at the moment'],
		[418, undefined, 'Vtrix did not accept the request'],
		[429, undefined, 'Vtrix limits how many requests it takes'],
		[401, undefined, 'The API key was not accepted'],
		[401, '{"hello":"world"}', 'The API key was not accepted'],
		[401, '["hello"]', 'The API key was not accepted'],
		[401, '"hello"', 'The API key was not accepted'],
	])('is the same for an answer of the API: HTTP %i with %j', (status, page, message) => {
		expect(statusAdvice(status, page).message).toMatch(message);
	});

	test.each([401, 403, 499])('is nothing where a page came instead: HTTP %i', (status) => {
		expect(statusAdvice(status, 'Sign in [here]')).toMatchObject({
			message: SOMETHING_ELSE,
			advice: expect.stringMatching(/firewall.*proxy.*Base URL/),
		});
	});

	test.each([404, 413, 429, 500])('is the same whoever answers: HTTP %i', (status) => {
		expect(statusAdvice(status, 'Sign in')).toEqual(statusAdvice(status));
	});
});

describe('a refusal', () => {
	const told = (refusal: Omit<Parameters<typeof refusedError>[0], 'status'>, status = 402) =>
		refusedError({ status, ...refusal }, () => undefined);
	const ADVICE = 'Top up the balance of your Vtrix account, then run again.';

	test.each([
		['nothing', {}, ADVICE],
		['a reason', { reason: 'nothing left' }, `${ADVICE} Vtrix says: nothing left`],
		['a code alone', { code: 'E7' }, `${ADVICE} code E7`],
	])('that tells %s reads so', (_, refusal, description) => {
		expect(told(refusal).description).toBe(description);
	});

	test('of a request too many tells from an account that has nothing left', () => {
		expect(told({ reason: 'balance is 0' }, 429).message).toMatch(/no balance or quota left/);
		expect(told({ reason: 'slow down' }, 429).message).toMatch(/limits how many requests/);
		expect(told({ reason: 'balance is 0' }, 403).message).toMatch(/may not do this/);
	});

	test('without advice of its own tells what the service says', () => {
		const error = refusedError({ status: 400, reason: 'no' }, () => undefined, {
			message: 'No',
			advice: '',
		});
		expect(error.description).toBe('Vtrix says: no');
	});
});
