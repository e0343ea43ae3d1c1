/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type IncomingMessage } from 'node:http';
import type { INodeParameters } from 'n8n-workflow';
import { checkUrl } from '../../nodes/Vtrix/core/request/checkImage';
import { atStandIn } from '../node/atStandIn';
import { listen, type Listening } from '../support/listen';
import { sampleImage } from '../support/sampleImage';

const at = atStandIn({ latencyMs: 0, groupSize: 1 });

const linked = (model: string, options: INodeParameters, ...urls: string[]): INodeParameters => ({
	model,
	prompt: 'A lighthouse',
	inputImages: { image: urls.map((url) => ({ source: 'url', url })) },
	options,
});

test('a link with letters beyond ASCII in its host is taken, however often links are checked', () => {
	const refused = Array.from({ length: 30_000 }, () =>
		checkUrl({ max: 1 }, 'https://bücher.example/löwe.png'),
	).filter(Boolean);
	expect(refused).toEqual([]);
});

describe('a link into a private network', () => {
	test.each([
		'http://localhost/photo.png',
		'http://127.0.0.1:5678/photo.png',
		'http://192.168.1.20/photo.png',
		'http://[::1]/photo.png',
		'http://169.254.169.254/latest/meta-data',
		'https://nas.local/photo.png',
	])('is refused, as %s is out of reach for the service', async (url) => {
		const { error } = await at.run(linked('spark_dreamo', { dryRun: true }, url), undefined, {
			credentials: [at.credential({ baseUrl: 'https://cloud.vtrix.ai' })],
		});
		expect(error?.message).toBe(
			`Input Image: "${url}" leads into a private network, where Vtrix cannot open it. Use a public URL, or choose File as the source.`,
		);
	});

	test('is taken where the API itself is in one', async () => {
		const url = 'http://192.168.1.20/photo.png';
		const { error } = await at.run(linked('spark_dreamo', {}, url));
		expect(error).toBeUndefined();
		expect(at.sentParams().image_urls).toEqual([url]);
	});
});

describe('the content of links', () => {
	let server: Listening;
	let origin: string;
	let received: IncomingMessage[];

	const answers: Record<string, () => Promise<Buffer>> = {
		'/photo.png': async () => await sampleImage({ width: 300, height: 200 }),
		'/wide.jpg': async () => await sampleImage({ format: 'jpeg', width: 602, height: 200 }),
		'/animation.png': async () => await sampleImage({ format: 'gif', width: 300, height: 200 }),
		'/page.jpg': async () => Buffer.from('<!DOCTYPE html><html><body>Sign in</body></html>'),
		'/large.png': async () => await sampleImage({ width: 300, height: 200, bytes: 4_700_001 }),
		'/empty.png': async () => Buffer.alloc(0),
	};

	beforeAll(async () => {
		const web = createServer((request, response) => {
			received.push(request);
			const { url = '' } = request;
			if (url === '/moved.png') response.writeHead(302, { location: '/photo.png' }).end();
			else if (url === '/circle.png') response.writeHead(302, { location: url }).end();
			else if (url === '/broken.png') request.socket.destroy();
			else if (url === '/slow.png') response.writeHead(200).write('\x89PNG');
			else {
				const answer = answers[url];
				if (!answer) response.writeHead(404).end();
				else void answer().then((bytes) => response.end(bytes));
			}
		});
		server = await listen(web);
		origin = `http://${server.host}`;
	});
	afterAll(async () => await server.close());
	beforeEach(() => {
		received = [];
	});

	const CHECK = { checkImageUrls: true };
	const BROWSER =
		"Check that it opens in a browser without signing in, or turn 'Check Image URLs' off.";

	test('is left alone unless it is to be checked', async () => {
		const { error } = await at.run(linked('spark_i2i_3_0', {}, `${origin}/page.jpg`));
		expect(error).toBeUndefined();
		expect(received).toEqual([]);
		expect(at.standIn.creationsAccepted).toBe(1);
	});

	test.each(['/photo.png', '/moved.png'])(
		'is opened and taken if it is right: %s',
		async (path) => {
			const { error } = await at.run(linked('spark_i2i_3_0', CHECK, origin + path));
			expect(error).toBeUndefined();
			expect(received.map(({ url }) => url)).toContain('/photo.png');
			expect(received.flatMap(({ rawHeaders }) => rawHeaders).join()).not.toContain(
				at.standIn.apiKey,
			);
			expect(at.sentParams().image_urls).toEqual([origin + path]);
		},
	);

	test.each([
		[
			'/wide.jpg',
			'is 602 × 200 pixels. The longer side may be at most 3 times the shorter. Crop the image.',
		],
		['/animation.png', 'is in the GIF format. Use JPEG or PNG.'],
		['/page.jpg', 'is a web page. Use JPEG or PNG.'],
		[
			'/large.png',
			"is larger than 4.7 MB, the largest file allowed. Download it with an HTTP Request node, choose File as the source, and put an Edit Image node before this one: Operation 'Resize', Width and Height 2100, Option 'Only if Larger', and under Options the Format 'jpeg'.",
		],
		['/empty.png', 'is an empty file. Check the node that delivers it.'],
		['/missing.png', `could not be opened: its server answered with HTTP 404. ${BROWSER}`],
		['/circle.png', `could not be opened: its address redirects in circles. ${BROWSER}`],
		['/broken.png', `could not be opened: the connection broke. ${BROWSER}`],
	])('is refused if it is wrong, before anything is sent: %s', async (path, message) => {
		const url = origin + path;
		const { error } = await at.run(linked('spark_i2i_3_0', CHECK, url));
		expect(error?.message).toBe(`Input Image: "${url}" ${message}`);
		expect(at.standIn.requests).toEqual([]);
	});

	test('is not waited for when the run is stopped', async () => {
		const run = await at.run(linked('spark_i2i_3_0', CHECK, `${origin}/slow.png`), undefined, {
			cancelWhen: () => received.length > 0,
		});
		expect(run.status).toBe('canceled');
		expect(at.standIn.requests).toEqual([]);
	});

	test('is told with all other issues of the item', async () => {
		const { error } = await at.run({
			...linked('spark_dream_5_0', { ...CHECK, maxImages: 16 }, `${origin}/page.jpg`, 'photo.png'),
			size: '1x',
		});
		expect(error?.message.split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(
			['4 settings', '• Max', '• Size:', '• Input', '• Input'],
		);
	});
});
