import {
	isPrivateHost,
	parseBaseUrl,
	resultUrlProblem,
} from '../../nodes/Vtrix/core/exchange/http/url';

const PUBLIC = 'https://cloud.vtrix.ai';
const LOCAL = 'http://127.0.0.1:8080';

describe('the base URL of the credential', () => {
	test.each([
		['https://cloud.vtrix.ai', 'https://cloud.vtrix.ai'],
		['https://cloud.vtrix.ai/', 'https://cloud.vtrix.ai'],
		['https://cloud.vtrix.ai///', 'https://cloud.vtrix.ai'],
		['  https://cloud.seaart.ai\n', 'https://cloud.seaart.ai'],
		['HTTPS://Cloud.Vtrix.AI:443', 'https://cloud.vtrix.ai'],
		['https://gateway.example.com:8443/proxy/v9', 'https://gateway.example.com:8443/proxy/v9'],
		['https://gateway.example.com/proxy/v9/', 'https://gateway.example.com/proxy/v9'],
		['https://gateway.example.com/a%2Fb/', 'https://gateway.example.com/a%2Fb'],
		['"https://cloud.vtrix.ai"', 'https://cloud.vtrix.ai'],
		['\u00a0https://cloud.vtrix.ai\u200b', 'https://cloud.vtrix.ai'],
		...[
			'',
			'model/v1',
			'model/v1/generation',
			'model/v1/generation/task',
			'model/v1/generation/task/abc-1',
			'Model/V1/Generation',
			'/model//v1',
			'model/v1//generation//task//abc-1/',
		].flatMap((path) => [
			[`https://cloud.vtrix.ai/${path}`, 'https://cloud.vtrix.ai'],
			[`https://gateway.example.com/proxy/v9/${path}/`, 'https://gateway.example.com/proxy/v9'],
		]),
		['https://gateway.example.com/my-model/v1', 'https://gateway.example.com/my-model/v1'],
		['https://gateway.example.com/model/v1x', 'https://gateway.example.com/model/v1x'],
		['https://gateway.example.com/model/v2', 'https://gateway.example.com/model/v2'],
		['http://localhost:5000', 'http://localhost:5000'],
		['http://127.0.0.1:5000/', 'http://127.0.0.1:5000'],
		['http://127.8.9.10', 'http://127.8.9.10'],
		['http://[::1]:5000', 'http://[::1]:5000'],
		['http://vtrix.localhost', 'http://vtrix.localhost'],
		['cloud.vtrix.ai', 'https://cloud.vtrix.ai'],
		[' Cloud.Vtrix.AI/model/v1/ ', 'https://cloud.vtrix.ai'],
		['//cloud.vtrix.ai', 'https://cloud.vtrix.ai'],
		['gateway.example.com:8443/proxy', 'https://gateway.example.com:8443/proxy'],
		['localhost:5000', 'http://localhost:5000'],
		['127.0.0.1:5000', 'http://127.0.0.1:5000'],
		['127.0.0.12', 'http://127.0.0.12'],
	])('%s is used as %s', (text, baseUrl) => {
		expect(parseBaseUrl(text)).toEqual({ baseUrl });
	});

	test.each([
		['http://cloud.vtrix.ai', /https:\/\//],
		['http://192.168.0.5', /https:\/\//],
		['http://localhost.example.com', /https:\/\//],
		['http://[::2]', /https:\/\//],
		['ftp://localhost', /https:\/\//],
		['file:///etc/passwd', /https:\/\//],
		['https://user:secret@cloud.vtrix.ai', /user name or password/],
		['https://cloud.vtrix.ai?key=1', /\? or #/],
		['https://cloud.vtrix.ai#top', /\? or #/],
		['cloud vtrix ai', /^It is not a complete URL/],
		['cloud.vtrix.ai:port', /not a complete URL/],
		['', /not a complete URL/],
		['https://', /^What begins with 'https:\/\/' is not a complete URL/],
		['http://localhost.dev x', /^What begins with 'http:\/\/localhost.dev'/],
		['see https://cloud.vtrix.ai', /^It is not a complete URL/],
	])('%s is refused', (text, problem) => {
		expect(parseBaseUrl(text)).toEqual({ problem: expect.stringMatching(problem) });
	});

	test.each([
		'https://user:secret@cloud.vtrix.ai',
		'https://user:secret@cloud.vtrix.ai x',
		'https://my secret.vtrix.ai',
		'https:// secret.vtrix.ai',
	])('a secret in it is not repeated: %s', (text) => {
		expect(JSON.stringify(parseBaseUrl(text))).not.toContain('secret');
	});
});

describe('what was pasted into the base URL by mistake', () => {
	const pasted = 'vk-live_51H8xQ2eZvKYlo2C';
	test.each([
		pasted,
		`Bearer ${pasted}`,
		`${pasted}.part`,
		`https://cloud.vtrix.ai ${pasted}`,
		`https://${pasted}@cloud.vtrix.ai`,
		`https://[${pasted}`,
		`https:// ${pasted}`,
	])('is not repeated: %s', (text) => {
		const outcome = parseBaseUrl(text);
		expect(outcome).toEqual({ problem: expect.any(String) });
		expect(JSON.stringify(outcome)).not.toContain(pasted);
	});

	test('is repeated as far as it is an address', () => {
		expect(parseBaseUrl(`https://cloud.vtrix.ai ${pasted}`)).toEqual({
			problem: expect.stringContaining("'https://cloud.vtrix.ai'"),
		});
	});
});

/** Addresses that lead into a private network, in all the ways they can be written. */
const PRIVATE_HOSTS = [
	'localhost',
	'LOCALHOST.',
	'images.localhost',
	'printer.local',
	'metadata.google.internal',
	'router.home.arpa',
	'metadata',
	'redis',
	'127.0.0.1',
	'127.1',
	'2130706433',
	'0x7f000001',
	'0177.0.0.1',
	'0.0.0.0',
	'0',
	'10.0.0.1',
	'172.16.0.1',
	'172.31.255.254',
	'192.168.1.1',
	'169.254.169.254',
	'2852039166',
	'100.64.0.1',
	'198.18.0.1',
	'224.0.0.1',
	'255.255.255.255',
	'[::]',
	'[::1]',
	'[0:0:0:0:0:0:0:1]',
	'[fe80::1]',
	'[fd12:3456::1]',
	'[fc00::1]',
	'[ff02::1]',
	'[::ffff:127.0.0.1]',
	'[::ffff:10.0.0.1]',
	'[::ffff:a9fe:a9fe]',
	'[64:ff9b::10.0.0.1]',
	'[2002:7f00:1::]',
	'[::127.0.0.1]',
	'127.0.0.1.nip.io',
	'app.10-0-0-1.nip.io',
	'app-7f000001.nip.io',
	'images.nip.io',
	'192-168-1-1.sslip.io',
	'--1.sslip.io',
	'fd12-3456--1.sslip.io',
	'7f000001.c0a80001.rbndr.us',
	'localtest.me',
	'images.lvh.me',
	'redis.default',
	'redis.default.svc',
	'redis.default.svc.cluster.local',
	'vault.service.consul',
	'host.docker.internal',
	'router.lan',
	'nas.home',
	'intranet.corp',
	'fritz.box',
	'printer.localdomain',
	'wiki.intranet',
	'db.private',
	'api.test',
	'n8n.tail1234.ts.net',
	'metadata.goog',
	'10.0.0.1.example.com',
	'ip-10-0-0-1.example.com',
	'127.0.0.1.example.com',
	'ip-169-254-169-254.example.com',
	'printer.local.',
	'7f000001.08080808.rbndr.us',
	...[
		// reserved, kept back or given by clusters, clouds and routers
		...[
			'localnet',
			'lokal',
			'loc',
			'alt',
			'intra',
			'priv',
			'mail',
			'domain',
			'office',
			'workgroup',
		],
		...['server', 'vpn', 'dhcp', 'router', 'pod', 'cluster', 'kube-system', 'kubernetes', 'nomad'],
		...['docker', 'easy.box', 'speedport.ip', 'routerlogin.net', 'tplinkwifi.net'],
		// public names of this machine, and of the address before them
		...['vcap.me', 'lacolhost.com', 'fuf.me', 'local.gd', 'localho.st', 'lcl.host', 'yoogle.com'],
		...['localhost.direct', 'loopback.jp', 'localhost.domaincontrol.com', 'smackaho.st'],
		...[
			'xip.io',
			'xip.name',
			'traefik.me',
			'plex.direct',
			'backname.io',
			'1u.ms',
			'rebind.network',
		],
	].map((name) => `db.${name}`),
];
const PUBLIC_HOSTS = [
	'cdn.vtrix.ai',
	'cdn.example.com.',
	'local.example.com',
	'localhost.example.com',
	'8.8.8.8',
	'172.15.0.1',
	'172.32.0.1',
	'192.169.0.1',
	'100.63.0.1',
	'[2606:4700::1111]',
	'[::ffff:8.8.8.8]',
	'8.8.8.8.nip.io',
	'app.203-0-114-5.sslip.io',
	'd8080808.nip.io',
	// ten digits are no address
	'7f000001ab.8.8.8.8.nip.io',
	'2606-4700--1111.sslip.io',
	'ec2-54-1-2-3.compute.amazonaws.com',
	'lan.example.com',
	'corp.example.com',
	'mytest.example.com',
	'notlocaltest.me',
	'my-nip.io',
	'images.dev',
];

describe('a result URL', () => {
	test.each(PRIVATE_HOSTS)('to %s is refused when the API is public', (host) => {
		expect(isPrivateHost(new URL(`https://${host}/`).hostname)).toBe(true);
		for (const scheme of ['http', 'https']) {
			expect(resultUrlProblem(`${scheme}://${host}:8080/image.png`, PUBLIC)).toMatch(
				/private network/,
			);
		}
	});

	test.each(PUBLIC_HOSTS)('to %s is fetched', (host) => {
		expect(resultUrlProblem(`https://${host}/image.png?sig=a%2Fb`, PUBLIC)).toBeUndefined();
	});

	test('into a private network is fetched when the API is there itself', () => {
		expect(resultUrlProblem('http://127.0.0.1:9000/image.png', LOCAL)).toBeUndefined();
		expect(resultUrlProblem('http://10.0.0.7/image.png', LOCAL)).toBeUndefined();
	});

	test.each([
		'file:///etc/passwd',
		'javascript:alert(1)',
		'data:image/png;base64,iVBORw0KGgo=',
		'ftp://cdn.example.com/image.png',
		'blob:https://cdn.example.com/1',
	])('that is no web address is refused: %s', (url) => {
		expect(resultUrlProblem(url, PUBLIC)).toMatch(/not fetched/);
		expect(resultUrlProblem(url, LOCAL)).toMatch(/not fetched/);
	});

	test.each(['', 'image.png', '/image.png', '//cdn.example.com/image.png', 'https://'])(
		'that is not complete is refused: %p',
		(url) => {
			expect(resultUrlProblem(url, PUBLIC)).toMatch(/not a complete URL/);
		},
	);
});
