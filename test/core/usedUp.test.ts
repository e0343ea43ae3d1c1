import { isUsedUp } from '../../nodes/Vtrix/core/exchange/usedUp';

describe('a 429 that waiting does not help', () => {
	test.each([
		{ code: 'insufficient_quota', reason: 'Please try again later' },
		{ code: 'billing_hard_limit_reached' },
		{ code: '40203', reason: 'slow down' },
		{ code: 'InsufficientBalance' },
		{ reason: 'Your account balance is not enough' },
		{ reason: 'You exceeded your current quota, please check your plan and billing details' },
		{ reason: 'Out of credits, top up to go on' },
		{ reason: '账户余额不足' },
	])('%j', (info) => {
		expect(isUsedUp(info)).toBe(true);
	});

	test.each([
		...['insufficient fund', 'insufficient funds', 'insufficient credit', 'Insufficient credits'],
		...['insufficient quota', 'not enough credit', 'no credits', 'out of credit', 'out of funds'],
		...['no fund', 'credit exhausted', 'credits exhausted', 'credits used up', 'payment required'],
		...['account in arrears', 'please top-up', 'please top up', 'please topup', 'recharge first'],
		...[
			'billing',
			'error 40200',
			'error 40299',
			'余额',
			'账户欠费',
			'请充值',
			'配额已用尽',
			'额度不足',
		],
		...['quota exceeded', 'The quota of your separate operator is used'],
	])('%s', (reason) => {
		expect(isUsedUp({ reason })).toBe(true);
	});

	test('is told by its code whatever time it names', () => {
		expect(isUsedUp({ code: 'insufficient_quota' }, 1000)).toBe(true);
	});
});

describe('a 429 that passes', () => {
	test.each([
		{},
		{ code: '429', reason: 'too many' },
		{ reason: 'Too many concurrent tasks' },
		{ code: 'rate_limit_exceeded', reason: 'Limit 3/min. Add a payment method to raise it' },
		{ reason: 'Quota exceeded for requests per minute' },
		{ code: 'quota_exceeded', reason: 'retry in 5 s' },
		{ reason: 'the model is busy' },
	])('%j', (info) => {
		expect(isUsedUp(info)).toBe(false);
	});

	test.each([
		...['rate', 'per', 'rpm', 'qps', 'tpm', 'concurrent', 'concurrency', 'minute', 'minutes'],
		...['second', 'seconds', 'hour', 'hours', 'retry', 'wait', 'again', 'too many'],
	])('has a quota that is there again: %s', (word) => {
		expect(isUsedUp({ reason: `quota, ${word}, billing` })).toBe(false);
		expect(isUsedUp({ code: `quota_${word.replace(' ', '--')}` })).toBe(false);
	});

	test.each(['4020', '140203', '402031', 'credits', 'insufficient memory', 'no place'])(
		'is not one that says: %s',
		(reason) => {
			expect(isUsedUp({ reason })).toBe(false);
		},
	);

	test('names the time after which a quota is there again', () => {
		expect(isUsedUp({ reason: 'Quota used' }, 1000)).toBe(false);
	});
});
