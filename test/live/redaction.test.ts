/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import fs from 'node:fs';
import path from 'node:path';
import { startStandIn, type StandIn } from '../standin';
import { initBinaryData, type BinaryStore } from '../support/binaryStore';
import { proveAt } from '../../tools/live/atGateway';
import { PROMPTS } from '../../tools/live/plan/parameters';
import { RecordingFolder } from '../../tools/live/recording/folder';
import { Redactor, StepRedactor } from '../../tools/live/recording/redact';

/** A key that every notation writes in another way. */
const KEY = 'vk/live+51H8"xQ2=e%Zv\\KYlo&2C';

const html = (text: string) =>
	text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('/', '&#x2F;');
const inCodes = (text: string) =>
	Array.from(text, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** The key in every notation that a service or a proxy may give it. */
const SPELLINGS: Record<string, string> = {
	'as it is': KEY,
	'with Bearer': `Bearer ${KEY}`,
	'in upper case': KEY.toUpperCase(),
	'in a URL': encodeURIComponent(KEY),
	'in a URL, escapes in lower case': encodeURIComponent(KEY).replace(/%../g, (one) =>
		one.toLowerCase(),
	),
	'in a URL in a URL': encodeURIComponent(encodeURIComponent(KEY)),
	'in JSON': JSON.stringify(KEY).slice(1, -1),
	'in JSON in JSON': JSON.stringify(JSON.stringify(KEY)).slice(3, -3),
	'in JSON with escaped slashes': JSON.stringify(KEY).slice(1, -1).replaceAll('/', '\\/'),
	'in character codes': inCodes(KEY),
	'in HTML': html(KEY),
	'in base64': Buffer.from(KEY).toString('base64'),
	'in base64 for URLs': Buffer.from(KEY).toString('base64url'),
	'in base64 behind a user name': Buffer.from(`user:${KEY}`).toString('base64'),
	'in base64 with Bearer': Buffer.from(`Bearer ${KEY}`).toString('base64'),
	'in base64 behind one letter': Buffer.from(`x${KEY}`).toString('base64'),
	'in hex': Buffer.from(KEY).toString('hex'),
};

/** Parts of each spelling that would give the key away; the ends of base64 depend on what is around. */
const tellTales = Object.entries(SPELLINGS).map(([name, spelling]) =>
	name.includes('base64') ? spelling.replace(/=+$/, '').slice(12, -3) : spelling,
);

/** Spellings of which a text has something, read as it is and out of its JSON. */
function found(text: string): string[] {
	const texts = [
		text,
		...[...text.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([token]) => String(JSON.parse(token))),
	];
	return Object.keys(SPELLINGS).filter((_, index) =>
		texts.some((one) => one.toLowerCase().includes(tellTales[index].toLowerCase())),
	);
}

test.each(Object.entries(SPELLINGS))('the key %s is replaced', async (_, spelling) => {
	const redactor = new Redactor({ keys: [KEY], prompts: [] });
	const step = new StepRedactor(redactor);
	const text = `not allowed for ${spelling}, see the page`;
	expect(redactor.text(text)).toMatch(/^not allowed for .*\[API key\].*, see the page$/);
	expect(found(JSON.stringify(await step.json({ text, [spelling]: 1, list: [text] })))).toEqual([]);
	expect(found(JSON.stringify(await step.body(Buffer.from(`<p>${text}</p>`))))).toEqual([]);
	expect(redactor.holdsKey(text)).toBe(true);
	expect(redactor.holdsKey(redactor.text(text))).toBe(false);
});

test('a key that was cut or masked is replaced as far as it goes', () => {
	const redactor = new Redactor({ keys: [KEY], prompts: [] });
	expect(redactor.text(`key ${KEY.slice(0, 20)}... is not valid`)).toBe(
		'key [API key]... is not valid',
	);
	expect(redactor.text(`key ****${KEY.slice(-12)} is not valid`)).toBe(
		'key ****[API key] is not valid',
	);
});

test('what is about a person or opens something is removed, what is about the task stays', async () => {
	const step = new StepRedactor(new Redactor({ keys: [KEY], prompts: ['my secret plan'] }));
	const kept = await step.json({
		id: 'task-1',
		user_id: 4711,
		account: { name: 'Jane' },
		note: 'ask jane.doe@example.com about my secret plan',
		revised_prompt: 'my plan, improved',
		usage: { cost: '0.03', input_tokens: 12, total_tokens: 30 },
		see: 'more at https://example.com/help?token=abc#x',
		url: 'https://cdn.example.com/users/4711/a.png?X-Amz-Signature=abc&Expires=1',
	});
	expect(kept).toEqual({
		id: 'task-1',
		user_id: '[removed]',
		account: '[removed]',
		note: 'ask [e-mail] about [prompt]',
		revised_prompt: '[prompt]',
		usage: { cost: '0.03', input_tokens: 12, total_tokens: 30 },
		see: 'more at https://example.com/help?removed',
		url: 'https://cdn.example.com/link-1.png?removed',
	});
});

test('of headers those that matter are kept, a redirect without its query', () => {
	const step = new StepRedactor(new Redactor({ keys: [KEY], prompts: [] }));
	const location = 'https://mirror.example.com/a.png?signature=abc';
	expect(
		step.headers(
			{
				'content-type': 'image/png',
				'x-request-id': `req ${KEY}`,
				'x-ratelimit-remaining': '9',
				'set-cookie': 'session=abc',
				'x-user-id': '4711',
				location,
			},
			location,
		),
	).toEqual({
		'content-type': 'image/png',
		'x-request-id': 'req [API key]',
		'x-ratelimit-remaining': '9',
		location: 'https://mirror.example.com/link-1.png?removed',
	});
});

describe('a whole recording', () => {
	let standIn: StandIn;
	let store: BinaryStore;
	beforeAll(async () => {
		store = await initBinaryData();
		standIn = await startStandIn({ latencyMs: 100, apiKey: KEY });
	});
	afterAll(async () => {
		await standIn.close();
		store.cleanup();
	});

	test('of a service that repeats the key in every spelling has it nowhere, nor prompts and image data', async () => {
		standIn.fault('create', {
			type: 'moreFields',
			fields: { ...SPELLINGS, [`about ${KEY}`]: Object.values(SPELLINGS), user_id: 'u-4711' },
		});
		standIn.fault(
			'download',
			{
				type: 'status',
				code: 503,
				body: `<html>${html(KEY)} ${Object.values(SPELLINGS).join(' ')}</html>`,
				headers: { 'x-request-id': encodeURIComponent(KEY), 'retry-after': '0' },
			},
			{ times: 1 },
		);
		const { files, report } = await proveAt(standIn, {
			modelIds: ['spark_dream_5_0', 'spark_dreamo'],
		});
		expect(report?.steps?.filter(({ end }) => end !== 'handled')).toEqual([]);
		expect(Object.keys(files)).toContain('report.md');
		expect(Object.keys(files).length).toBeGreaterThan(8);
		for (const [name, text] of Object.entries(files)) {
			expect([name, ...found(text)]).toEqual([name]);
			expect(text).not.toMatch(/u-4711|X-Amz-(Signature|Security-Token)/);
			for (const prompt of Object.values(PROMPTS)) expect(text).not.toContain(prompt);
			expect(text).not.toMatch(/[A-Za-z0-9+/]{200}/);
		}
	});

	test('is not written at all if a key were left in it', () => {
		const folder = fs.mkdtempSync(path.join(store.dir, 'recording-'));
		const writer = new RecordingFolder(folder, new Redactor({ keys: [KEY], prompts: [] }));
		expect(() => writer.writeReport(`a key ${encodeURIComponent(KEY)}`)).toThrow('not written');
		expect(fs.readdirSync(folder)).toEqual([]);
	});
});
