import type { Issue } from '../../nodes/Vtrix/core/shared/issues';

/** What users may put into a field by an expression. */
const VALUES = [
	undefined,
	null,
	'',
	' ',
	'x',
	'7',
	7,
	-1,
	1e12,
	0.5,
	NaN,
	true,
	[],
	['x'],
	{},
	'{',
];

/** What is said about each value in each parameter of each model, with one version of zod. */
function issuesWith(zod: string): Array<[where: string, issues: Issue[]]> {
	const found: Array<[string, Issue[]]> = [];
	jest.isolateModules(() => {
		jest.doMock('zod/v3', () => jest.requireActual<object>(zod));
		const { MODELS } = jest.requireActual<typeof import('../../nodes/Vtrix/models')>(
			'../../nodes/Vtrix/models',
		);
		const { parseRequest } = jest.requireActual<
			typeof import('../../nodes/Vtrix/core/request/parseRequest')
		>('../../nodes/Vtrix/core/request/parseRequest');
		const size = { size: undefined, width: undefined, height: undefined };
		for (const model of MODELS) {
			for (const name of Object.keys(model.parameters)) {
				for (const value of VALUES) {
					const values = { parameters: { prompt: 'a cat', [name]: value }, size, images: [] };
					const { issues } = parseRequest(model, values);
					found.push([`${model.id} ${name} ${JSON.stringify(value)}`, issues]);
				}
			}
		}
	});
	return found;
}

afterEach(() => jest.dontMock('zod/v3'));

test('users read the same words when n8n brings version 4 of zod', () => {
	const now = issuesWith('zod/v3');
	expect(now.length).toBeGreaterThan(500);
	expect(issuesWith('zod-4/v3')).toEqual(now);
});

test('no words of zod itself reach users', () => {
	const messages = issuesWith('zod/v3').flatMap(([, issues]) =>
		issues.map(({ message }) => message),
	);
	expect(messages.length).toBeGreaterThan(100);
	expect(messages.filter((text) => /^(Expected|Invalid|Required|Unrecognized)/.test(text))).toEqual(
		[],
	);
});
