/* eslint-disable @n8n/community-nodes/no-restricted-globals */
/*
 * Connections that never came to be, told by codes that help nobody:
 * - n8n-io/n8n#13475: "write EPROTO … SSL alert number 80" as all that a user reads
 * - nocodb/nocodb#2664: EPROTO, "wrong version number", behind an HTTP proxy
 * - n8n-io/n8n#25021: EPROTO through an HTTPS proxy
 */
import { credentialFor, runVtrix } from '../node/runVtrix';
import { startStandIn, type StandIn } from '../standin';
import { BROKEN_TLS, startBrokenTls } from '../support/brokenTls';
import { startRefusingProxy } from '../support/refusingProxy';
import type { NodeRun } from '../support/runNode';
import type * as FakeTime from '../faults/fakeTimeTransport';
import { hold, now } from '../faults/fakeTimeTransport';
import { atProvider, KEY } from '../faults/provider';
import { startUntrustedServer, trusting } from '../faults/untrustedServer';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('../faults/fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const at = atProvider({ now });
const request = { model: 'spark_dream_5_0', prompt: 'a cat' };

const generateAt = async (url: string): Promise<NodeRun> =>
	await runVtrix({ url, apiKey: KEY }, request);

function expectNothingSent({ error }: NodeRun, reason: RegExp): void {
	expect(error?.message).toMatch(/^Vtrix could not be reached: /);
	expect(error?.message).toMatch(reason);
	expect(error?.description).toMatch(/Nothing was sent and nothing was charged.*Base URL/);
}

const real = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

async function portOf(standIn: StandIn): Promise<number> {
	await standIn.close();
	return Number(new URL(standIn.url).port);
}

describe('a creation for which there never is a connection', () => {
	test('is told as not sent when nobody listens', async () => {
		const port = await portOf(await startStandIn());
		expectNothingSent(await generateAt(`http://127.0.0.1:${port}`), /refused the connection/);
	});

	test('is told as not sent when nobody has that name', async () => {
		expectNothingSent(await generateAt('https://no-such-host.invalid'), /was not found/);
	});

	test('is told as not sent when the certificate is not trusted', async () => {
		const server = await startUntrustedServer();
		try {
			const run = await generateAt(server.url);
			expectNothingSent(run, /certificate is not trusted/);
			expect(run.error?.description).toMatch(/NODE_EXTRA_CA_CERTS/);
			expect(server.requests).toBe(0);
		} finally {
			await server.close();
		}
	});

	test.each(Object.keys(BROKEN_TLS) as Array<keyof typeof BROKEN_TLS>)(
		'is told as not sent when the server %s before the connection is secure',
		async (how) => {
			const { host, close } = await startBrokenTls(how);
			const run = await generateAt(`https://${host}`).finally(close);
			expectNothingSent(run, /no secure connection/);
			expect(run.error?.description).toMatch(/port for plain HTTP.*NODE_EXTRA_CA_CERTS/);
		},
	);

	test.each([403, 407, 502])(
		'is told as not sent when a proxy answers %i in place of the server',
		async (status) => {
			const proxy = await startRefusingProxy(status);
			const run = await generateAt('https://cloud.vtrix.ai').finally(proxy.close);
			expectNothingSent(run, new RegExp(`proxy .*\\(HTTP ${status}\\): Blocked by policy$`));
			expect(run.error?.description).toMatch(/HTTPS_PROXY/);
			expect(proxy.asked).toContain('cloud.vtrix.ai:443');
		},
	);

	test('goes out, once, as soon as there is one', async () => {
		const port = await portOf(await startStandIn());
		const run = generateAt(`http://127.0.0.1:${port}`);
		const start = async () => {
			// by then the first try was in vain
			await real(100);
			return await startStandIn({ port, apiKey: KEY, tinyImages: true, now });
		};
		const standIn = await hold(start());
		try {
			expect((await run).items[0]).toHaveLength(1);
			expect(standIn.creationsReceived).toBe(1);
		} finally {
			await standIn.close();
		}
	});
});

describe('a gateway that is gone after the creation', () => {
	test('is asked until the time limit, and the task id is told', async () => {
		const standIn = await startStandIn({ apiKey: KEY, latencyMs: 60_000, now });
		const running = runVtrix(standIn, { ...request, options: { timeout: 20 } });
		const disappear = async () => {
			while (standIn.tasks.length === 0) await real(5);
			await standIn.close();
			return standIn.tasks[0];
		};
		const { id } = await hold(disappear());
		const { error } = await running;
		expect(error?.message).toContain(`Task ${id} was not finished within 20 seconds`);
		expect(error?.message).toMatch(/could not be asked about it: it refused the connection/);
		expect(error?.description).toMatch(/'Task', operation 'Get' and the task ID/);
	});
});

describe('a proxy that refuses to connect', () => {
	test.each([
		[403, /^The API key may not do this \(HTTP 403\)$/],
		[502, /may have been created and billed: Vtrix answered with HTTP 502/],
	])('is told from a server that answers %i over a secure connection', async (status, says) => {
		const server = await startUntrustedServer(status, '{"message":"because I say so"}');
		const { error } = await trusting(async () => await generateAt(server.url)).finally(
			server.close,
		);
		expect(error?.message).toMatch(says);
		expect(`${error?.message} ${error?.description}`).toMatch(/because I say so/);
		expect(server.requests).toBe(1);
	});

	test('is told as the reason why a task cannot be asked about', async () => {
		const proxy = await startRefusingProxy(403);
		const { error } = await runVtrix(
			{ url: 'https://cloud.vtrix.ai', apiKey: KEY },
			{ resource: 'task', operation: 'get', taskId: 'task-1' },
		).finally(proxy.close);
		expect(error?.message).toMatch(
			/about task task-1: the proxy .*\(HTTP 403\): Blocked by policy$/,
		);
		expect(error?.description).not.toMatch(/key/);
	});

	test('is told as the reason why an image cannot be downloaded', async () => {
		at.standIn.fault('create', { type: 'outputUrl', url: 'https://cdn.example.com/a.png' });
		const proxy = await startRefusingProxy(502);
		const { error } = await at.generate(['a cat']).finally(proxy.close);
		expect(error?.message).toMatch(/downloaded: the proxy .*\(HTTP 502\): Blocked by policy$/);
		expect(new Set(proxy.asked)).toEqual(new Set(['cdn.example.com:443']));
	});
});

describe('an API key that no request can carry', () => {
	test.each(['ключ-ключ', 'two\nlines', 'a\u0000b-zero'])('is refused: %j', async (apiKey) => {
		const run = await runVtrix(at.standIn, request, undefined, {
			credentials: [credentialFor(at.standIn, { apiKey })],
		});
		expect(run.error?.message).toMatch(/API Key of the credential/);
		expect(run.error?.message).not.toContain(apiKey);
		expect(run.error?.description).toMatch(/Nothing was sent/);
		expect(at.standIn.requests).toEqual([]);
	});
});
