/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-deprecated-workflow-functions */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { ICredentialTestFunctions, ICredentialType } from 'n8n-workflow';
import { testCredential } from './credentialTest';
import { listen, type Listening } from './listen';
import { probe } from './probe';
import { runNode } from './runNode';
import { vtrixCredential } from './vtrixCredential';

const properties: ICredentialType['properties'] = [
	{ displayName: 'Key', name: 'apiKey', type: 'string', default: '' },
	{ displayName: 'URL', name: 'baseUrl', type: 'string', default: 'http://127.0.0.1:9' },
];
const declared: ICredentialType = {
	name: 'declaredApi',
	displayName: 'Declared API',
	properties,
	authenticate: {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	},
};
const byFunction: ICredentialType = {
	name: 'functionApi',
	displayName: 'Function API',
	properties,
	authenticate: async ({ apiKey }, options) => ({
		...options,
		headers: { ...options.headers, Authorization: `Bearer ${String(apiKey)}` },
	}),
};

const { type: vtrix } = vtrixCredential({});

let server: Listening;
let baseUrl: string;
let seen: IncomingHttpHeaders[];

beforeAll(async () => {
	server = await listen(
		createServer((request, response) => {
			seen.push(request.headers);
			response.writeHead(request.headers.authorization === 'Bearer good' ? 404 : 401).end();
		}),
	);
	baseUrl = `http://${server.host}`;
});
afterAll(async () => await server.close());
beforeEach(() => {
	seen = [];
});

test.each([declared, byFunction, vtrix])(
	'requests are signed as $displayName says',
	async (type) => {
		const node = probe(
			async (self) => {
				const { baseUrl: url } = await self.getCredentials(type.name);
				await self.helpers.httpRequestWithAuthentication.call(self, type.name, {
					url: String(url),
					ignoreHttpStatusErrors: true,
				});
				return [[]];
			},
			{ credentials: [{ name: type.name, required: true }] },
		);
		const { error } = await runNode({
			node,
			credentials: [{ type, data: { apiKey: 'good', baseUrl } }],
		});
		expect(error).toBeUndefined();
		expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer good']);
	},
);

describe('the test in the credential dialog', () => {
	const node = {
		...probe(async () => [[]], {
			credentials: [{ name: declared.name, required: true, testedBy: 'asksServer' }],
		}),
		methods: {
			credentialTest: {
				async asksServer(
					this: ICredentialTestFunctions,
					{ data }: { data?: Record<string, unknown> },
				) {
					this.logger.debug('asking');
					const { statusCode } = await this.helpers.request({
						uri: String(data?.baseUrl),
						headers: { Authorization: `Bearer ${String(data?.apiKey)}` },
						simple: false,
						resolveWithFullResponse: true,
					});
					return {
						status: statusCode === 404 ? 'OK' : 'Error',
						message: String(statusCode),
					} as const;
				},
			},
		},
	};

	test.each([
		['good', 'OK', '404'],
		['bad', 'Error', '401'],
	])('judges a %s key by a real request', async (apiKey, status, message) => {
		const run = await testCredential(node, { type: declared, data: { apiKey, baseUrl } });
		expect(run).toMatchObject({ status, message, logs: [{ message: 'asking' }] });
	});

	test('gives unset values their defaults, as the dialog does', async () => {
		const asking = testCredential(node, {
			...vtrixCredential({ apiKey: 'good', baseUrl: undefined }),
			type: declared,
		});
		await expect(asking).rejects.toThrow('127.0.0.1:9');
	});

	test('says when the node has no test for the credential', async () => {
		const asking = testCredential(node, { type: byFunction, data: {} });
		await expect(asking).rejects.toThrow("no function that tests 'functionApi'");
	});
});
