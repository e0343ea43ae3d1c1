import type { Row } from '../faultMatrix';

const uncertain = {
	says: /may have been created and billed/,
	advises: /not sent again.*nothing is paid twice.*usage on your Vtrix account/s,
	namesTask: false,
};

const refused = (says: RegExp, advises: RegExp): Pick<Row, 'tasks' | 'error'> => ({
	tasks: 0,
	error: { says, advises, namesTask: false },
});

/** What can go wrong when a task is created; each name goes on after "a creation that". */
export const CREATE_ROWS: Row[] = [
	{
		name: 'is limited with Retry-After in seconds goes out again, once',
		fault: { type: 'status', code: 429, retryAfterSeconds: 2 },
		times: 1,
		creations: 2,
	},
	{
		name: 'is limited without Retry-After goes out until it is taken',
		fault: { type: 'status', code: 429 },
		times: 3,
		creations: 4,
	},
	{
		name: 'is limited inside a 200 goes out again',
		fault: {
			type: 'status',
			code: 200,
			body: { status: { code: 429, message: 'slow down' }, data: null },
			created: false,
		},
		times: 1,
		creations: 2,
	},
	{
		name: 'is limited until the time limit fails',
		fault: { type: 'status', code: 429 },
		options: { timeout: 20 },
		creations: [2, 12],
		...refused(/limits how many requests/, /Max Concurrent Tasks/),
	},
	...[true, false].flatMap((created): Row[] => [
		{
			name: `breaks off ${created ? 'after' : 'before'} the task is made is not sent again`,
			fault: { type: 'reset', created },
			tasks: Number(created),
			error: uncertain,
		},
		{
			name: `is reset ${created ? 'after' : 'before'} the task is made is not sent again`,
			fault: { type: 'reset', rst: true, created },
			tasks: Number(created),
			error: uncertain,
		},
		{
			name: `gets no answer ${created ? 'although' : 'and'} the task is ${created ? '' : 'not '}made`,
			fault: { type: 'hang', created },
			tasks: Number(created),
			error: { ...uncertain, says: /may have been created and billed.*in time/ },
		},
		...[408, 500, 503].map(
			(code): Row => ({
				name: `is answered ${code} ${created ? 'although' : 'and'} the task is ${created ? '' : 'not '}made`,
				fault: {
					type: 'status',
					code,
					created,
					body: '<html><body>Bad gateway</body></html>',
					headers: { 'x-request-id': 'req-77', 'retry-after': '1' },
				},
				tasks: Number(created),
				error: {
					...uncertain,
					says: new RegExp(`created and billed.*HTTP ${code}.*request ID req-77`),
				},
			}),
		),
	]),
	{ name: 'is answered half a JSON', fault: { type: 'halfJson' }, error: uncertain },
	{ name: 'is answered a JSON that breaks off', fault: { type: 'cutJson' }, error: uncertain },
	{
		name: 'is answered a page with 200',
		fault: { type: 'notJson', body: '<html>Welcome</html>', contentType: 'text/html' },
		error: uncertain,
	},
	{
		name: 'is answered 503 inside a 200',
		fault: {
			type: 'status',
			code: 200,
			body: { status: { code: 503, message: 'try later' }, data: null },
			created: true,
		},
		error: uncertain,
	},
	{
		name: 'is answered without an id failed, whatever the status',
		fault: { type: 'noId', error: { code: 'x42', message: 'too dark' } },
		...refused(/did not accept/, /too dark.*x42/),
	},
	...(
		[
			[400, /did not accept the settings/, /Correct the setting/],
			[401, /API key was not accepted/, /enter a key/],
			[402, /out of credit/, /Top up/],
			[403, /API key may not do this/, /expired/],
			[404, /does not know this address/, /Base URL/],
			[413, /too large/, /smaller input images/],
			[422, /did not accept/, /Base URL/],
		] as const
	).map(
		([code, says, advises]): Row => ({
			name: `is refused with ${code} ends at once`,
			fault: { type: 'status', code },
			...refused(new RegExp(`${says.source}.*HTTP ${code}`), advises),
		}),
	),
	{
		name: 'is refused for lack of credit inside a 200',
		fault: {
			type: 'status',
			code: 200,
			body: { status: { code: 402, message: 'no balance', error_code: 40201 }, data: null },
		},
		...refused(/out of credit/, /no balance.*40201/),
	},
	...(['same-origin', 'cross-origin', 'loop', 'file'] as const).map(
		(to): Row => ({
			name: `is redirected (${to}) goes nowhere else`,
			fault: { type: 'redirect', to },
			...refused(/HTTP 302/, /Base URL/),
		}),
	),
	{
		name: 'is refused with the key in the answer',
		fault: { type: 'echoKey', code: 403 },
		...refused(/API key may not do this/, /not allowed for Bearer \[API key\]/),
	},
	{
		name: 'fails with the key in the answer',
		fault: { type: 'echoKey', code: 500, created: true },
		error: uncertain,
	},
	{ name: 'is answered late', fault: { type: 'delay', ms: 100 } },
	{ name: 'is answered a huge JSON', fault: { type: 'hugeJson', megabytes: 3 } },
	{ name: 'is complete at once', fault: { type: 'completeAtOnce' }, polls: 0 },
	{
		name: 'failed at once',
		fault: { type: 'failed', atOnce: true, error: { code: 3011004, message: 'too dark' } },
		error: { says: /task/, advises: /too dark/ },
		polls: 0,
	},
	...[
		'../../admin',
		'a/b?c=d&e#f',
		'spaces and ünïcode',
		'crlf\r\nX-Evil: 1',
		'%2e%2e%2f',
		'"><script>',
	].map(
		(id): Row => ({
			name: `gives the id ${JSON.stringify(id)} is asked for by that very id`,
			fault: { type: 'id', id },
		}),
	),
];
