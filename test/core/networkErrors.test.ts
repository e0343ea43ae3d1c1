import {
	errorCodes,
	networkAdvice,
	networkReason,
	neverConnected,
	ProxyError,
} from '../../nodes/Vtrix/core/exchange/http/networkErrors';
import { pauseMs, retryAfterMs } from '../../nodes/Vtrix/core/exchange/http/retry';

const NOW = Date.UTC(2030, 0, 1, 12);

describe('Retry-After', () => {
	test.each([
		['0', 0],
		['7', 7000],
		[' 120 ', 120_000],
		['1.5', 1500],
		['+7', 7000],
		['-5', 0],
		[new Date(NOW + 90_000).toUTCString(), 90_000],
		[new Date(NOW - 90_000).toUTCString(), 0],
		[new Date(NOW + 90_000).toISOString(), 90_000],
		['120, 120', 120_000],
		['120 , 120', 120_000],
		['in 7', 0],
		[`${new Date(NOW + 5000).toUTCString()}, ${new Date(NOW + 5000).toUTCString()}`, 5000],
		['86400', 86_400_000],
		// a moment by its size, in seconds since 1970
		[String(NOW / 1000 + 30), 30_000],
	])('%s asks to wait %i ms', (header, ms) => {
		expect(retryAfterMs({ 'retry-after': header }, NOW)).toBe(ms);
	});

	test.each([
		undefined,
		'',
		'  ',
		'soon',
		'Infinity',
		'NaN',
		'86401',
		String(NOW / 1000 - 30),
		String(NOW / 1000 + 200_000),
		String(NOW + 30_000),
		new Date(NOW + 200_000_000).toUTCString(),
	])('%p asks for nothing', (header) => {
		expect(retryAfterMs({ 'retry-after': header }, NOW)).toBeUndefined();
	});

	test.each([-600_000, 600_000])(
		'as a date or a moment goes by the clock of the server, %i ms from ours',
		(ms) => {
			const date = new Date(NOW + ms).toUTCString();
			const until = NOW + ms + 2000;
			for (const header of [new Date(until).toUTCString(), String(until / 1000)]) {
				expect(retryAfterMs({ 'retry-after': header, date }, NOW)).toBe(2000);
			}
		},
	);
});

test.each([
	[0, 375, 625],
	[3, 3000, 5000],
	[20, 22_500, 37_500],
])('after %i tries in vain the next one comes in %i to %i ms', (tries, least, most) => {
	expect(pauseMs(tries, undefined, () => 0)).toBe(least);
	expect(pauseMs(tries, undefined, () => 1)).toBe(most);
});

describe('what broke on the way', () => {
	const wrapped = (code: string) =>
		Object.assign(new Error('Request failed'), {
			cause: Object.assign(new Error('inner'), { cause: Object.assign(new Error(), { code }) }),
		});

	test.each([
		['ENOTFOUND', 'its address was not found'],
		['EAI_AGAIN', 'its address was not found'],
		['ECONNREFUSED', 'it refused the connection'],
		['ECONNRESET', 'the connection broke'],
		['EPIPE', 'the connection broke'],
		['ETIMEDOUT', 'it did not answer in time'],
		['ECONNABORTED', 'it did not answer in time'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted'],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is not trusted'],
		['SOMETHING_ELSE', 'the connection did not work'],
	])('%s is told in plain words, however deep it lies', (code, reason) => {
		expect(networkReason(wrapped(code))).toBe(reason);
		expect(networkReason(Object.assign(new Error(), { code }))).toBe(reason);
	});

	test.each([
		'ECONNREFUSED',
		'ENOTFOUND',
		'EAI_AGAIN',
		'CERT_HAS_EXPIRED',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'ERR_TLS_CERT_ALTNAME_INVALID',
	])('%s means that nothing was sent', (code) => expect(neverConnected(wrapped(code))).toBe(true));

	test.each([
		'ECONNREFUSED_LATER',
		'NOT_ENOTFOUND',
		'NO_CERT_HERE',
		'connection',
		'EPROTONOSUPPORT',
		'MY_ERR_TLS_X',
	])('%s, which only holds such a word, leaves open whether anything was sent', (code) => {
		expect(neverConnected(wrapped(code))).toBe(false);
	});

	test.each(['cause', 'reason', 'error', 'errorResponse', 'errors'])(
		"is seen in an error's %s",
		(key) => expect(neverConnected({ [key]: { code: 'ECONNREFUSED' } })).toBe(true),
	);

	test.each(['code', 'httpCode', 'errno'])('is seen as its %s', (key) => {
		expect(errorCodes({ [key]: 'ECONNREFUSED' })).toEqual(['ECONNREFUSED']);
		expect(errorCodes({ [key]: -111 })).toEqual([]);
	});

	test('is told by the code among others', () => {
		expect(networkReason({ code: 'ECONNREFUSED', syscall: 'connect' })).toBe(
			'it refused the connection',
		);
	});

	test.each([
		['DEPTH_ZERO_SELF_SIGNED_CERT', /^If the certificate.*'NODE_EXTRA_CA_CERTS'/],
		['EPROTO', /^A port for plain HTTP takes no https\. If the certificate/],
	])('comes with advice where there is some: %s', (code, advice) => {
		expect(networkAdvice(wrapped(code))).toMatch(advice);
		expect(networkAdvice(wrapped('ENOTFOUND'))).toBeUndefined();
	});

	test.each([
		['', 'the proxy on the way refused the connection (HTTP 407)'],
		['sign in', 'the proxy on the way refused the connection (HTTP 407): sign in'],
	])('a proxy that refuses is told with its words, and nothing was sent: %j', (words, reason) => {
		const error = new ProxyError(407, words);
		expect(neverConnected(error)).toBe(true);
		expect(networkReason(error)).toBe(reason);
		expect(networkAdvice(error)).toMatch(/'HTTPS_PROXY' and 'NO_PROXY'/);
	});

	test.each(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'])(
		'%s means that no secure connection came to be, and nothing was sent',
		(code) => {
			expect(neverConnected(wrapped(code))).toBe(true);
			expect(networkReason(wrapped(code))).toMatch(/no secure connection/);
		},
	);

	test('a connection that breaks before it is secure was not used', () => {
		const message =
			'Client network socket disconnected before secure TLS connection was established';
		const error = { cause: Object.assign(new Error(message), { code: 'ECONNRESET' }) };
		expect(neverConnected(error)).toBe(true);
		expect(networkReason(error)).toMatch(/no secure connection/);
	});

	test.each([
		'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
		'ERR_SSL_UNEXPECTED_EOF_WHILE_READING',
	])('%s happens on an open connection, and leaves open whether the request arrived', (code) =>
		expect(neverConnected(wrapped(code))).toBe(false),
	);

	test.each([
		['was secure', { secureConnecting: false, connecting: false }, 'EPROTO', false],
		['was becoming secure', { secureConnecting: true, connecting: false }, 'ECONNRESET', true],
		['was being made', { connecting: true }, 'ECONNABORTED', true],
		['was still waited for', null, 'ECONNABORTED', true],
		['is a plain one', { connecting: false }, 'ECONNRESET', false],
		['is a plain one', { connecting: false }, 'EPROTO', true],
		['is not told', undefined, 'EPROTO', true],
	])('a connection that %s tells more than the code', (_, socket, code, never) => {
		const cause = Object.assign(new Error(), { code, request: { socket } });
		expect(neverConnected({ cause })).toBe(never);
	});

	test('of two connections, one of which was secure, the request may have used that one', () => {
		const secure = { request: { socket: { secureConnecting: false } } };
		expect(neverConnected({ request: { socket: null }, cause: secure })).toBe(false);
		expect(neverConnected({ request: null, code: 'EPROTO' })).toBe(true);
	});

	test.each(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_BAD_RESPONSE'])(
		'%s leaves open whether the request arrived',
		(code) => expect(neverConnected(wrapped(code))).toBe(false),
	);

	test.each(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])(
		'%s counts as never connected only while connecting',
		(code) => {
			const failed = (syscall?: string) => Object.assign(new Error(), { code, syscall });
			expect(neverConnected(failed('connect'))).toBe(true);
			expect(neverConnected(failed('read'))).toBe(false);
			expect(neverConnected(failed())).toBe(false);
		},
	);

	test('several addresses that were tried in vain count as never connected', () => {
		const tried = ['ENETUNREACH', 'ETIMEDOUT'].map((code) =>
			Object.assign(new Error(), { code, syscall: 'connect' }),
		);
		const error = Object.assign(new AggregateError(tried), { code: 'ENETUNREACH' });
		expect(neverConnected({ cause: error })).toBe(true);
	});

	test.each([undefined, null, 'ECONNREFUSED', 7])('%p carries no code', (error) => {
		expect(errorCodes(error)).toEqual([]);
	});

	test.each([
		[5, ['E1']],
		[6, []],
	])('an error that is wrapped up %i times tells its code: %j', (times, codes) => {
		let error: object = { code: 'E1' };
		for (let wrapped = 0; wrapped < times; wrapped += 1) error = { cause: error };
		expect(errorCodes(error)).toEqual(codes);
	});

	test('an error that is its own cause ends', () => {
		const circular: Error & { cause?: unknown } = Object.assign(new Error(), { code: 'E1' });
		circular.cause = circular;
		expect(errorCodes(circular)).toContain('E1');
	});
});
