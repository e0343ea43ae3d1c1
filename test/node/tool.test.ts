import { NodeHelpers, NodeOperationError, type INode, type INodeParameters } from 'n8n-workflow';
import { atStandIn } from './atStandIn';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import {
	isTool,
	toolAnswer,
	toolAnswerOfAll,
	toolError,
} from '../../nodes/Vtrix/n8n/output/toolAnswer';
import { generating, innerFields } from '../models/shownFields';
import { agentTool } from '../support/toolCalls';
import { credentialFor } from './runVtrix';

const at = atStandIn();

const GENERATE = { ...generating('spark_dream_5_0'), prompt: "={{ $fromAI('prompt') }}" };
const GROUP = { sequentialImageGeneration: 'auto', maxImages: 3 };

const ask = async (changes: INodeParameters = {}) =>
	await agentTool({
		node: new Vtrix(),
		parameters: { ...GENERATE, ...changes },
		credentials: [credentialFor(at.standIn)],
	}).call({ prompt: 'A balloon' });

const downloads = () => at.standIn.requests.filter(({ kind }) => kind === 'download').length;

describe('an agent', () => {
	test('is told of its image in a few words, with Markdown that shows it', async () => {
		const [answer, ...others] = await ask({ size: '2848x1600' });
		const [{ id }] = at.standIn.tasks;
		const { url } = answer;
		expect(others).toEqual([]);
		expect(answer).toEqual({
			taskId: id,
			url: expect.stringMatching(at.standIn.cdnUrl),
			expiresAt: expect.any(String),
			size: '2848x1600',
			cost: 0.035,
			message: `The image is ready: ${String(url)}, a link that works until ${String(answer.expiresAt)}. The task cost 0.035 USD in all.`,
			markdown: `![The image](${String(url)})`,
		});
	});

	test('makes nobody download files that it cannot take, unless they are asked for', async () => {
		await ask();
		expect(downloads()).toBe(0);
		await ask({ options: { downloadImages: true } });
		expect(downloads()).toBe(1);
	});

	test('is told of a group at once', async () => {
		const [answer] = await ask({ options: { ...GROUP, combineImages: true } });
		expect(answer.images).toEqual(
			[1, 2, 3].map((index) =>
				expect.objectContaining({ index, url: expect.stringMatching(at.standIn.cdnUrl) }),
			),
		);
		expect(String(answer.markdown).match(/!\[/g)).toHaveLength(3);
	});

	test('gets everything if Simplify is off', async () => {
		const [answer] = await ask({ simplify: false });
		expect(answer).toMatchObject({ prompt: 'A balloon', parameters: { prompt: 'A balloon' } });
	});

	test('is told of a task that is running', async () => {
		const [answer] = await ask({ options: { waitForCompletion: false } });
		expect(answer).toMatchObject({
			taskId: at.standIn.tasks[0].id,
			message: expect.stringContaining('later by its task ID'),
		});
	});

	test.each([
		['a wrong option', { options: { maxImages: 99 } }, /^Max Images: 99 is too high; the largest/],
		['several of them', { options: { maxImages: 99, timeout: 0 } }, /Max Images.*; Timeout/],
	])('reads one sentence about %s', async (_, changes, words) => {
		const error = await ask(changes).then(
			() => undefined,
			(reason: unknown) => reason,
		);
		const { message } = error as Error;
		expect(message).toMatch(words);
		expect(message).not.toContain('\n');
		expect(message.match(/[.!?](\s|$)/g)).toHaveLength(1);
		expect(at.standIn.requests).toEqual([]);
	});
});

test('as a tool the node offers no options about files and several items', () => {
	const { description } = new Vtrix();
	const tool = { ...description, name: 'vtrixTool' };
	const [options] = description.properties.filter(
		({ name, displayOptions }) =>
			name === 'options' && displayOptions?.show?.operation?.includes('generate'),
	);
	const shown = (type: typeof description) =>
		innerFields(options)
			.filter((field) =>
				NodeHelpers.displayParameter(
					{},
					field,
					{ typeVersion: 1 },
					type,
					generating('spark_dream_5_0'),
				),
			)
			.map(({ name }) => name);
	const hidden = shown(description).filter((name) => !shown(tool).includes(name));
	expect(hidden.sort()).toEqual(
		['binaryPropertyName', 'fileName', 'maxConcurrency', 'maxFileSize', 'maxPollsPerSecond'].sort(),
	);
});

describe('the words of an image', () => {
	const url = 'https://cdn.example.com/a.jpg';
	const image = { taskId: 't', index: 1, total: 1, url, expiresAt: null, cost: null };

	test('name no size, price, text or time that is not known', () => {
		expect(toolAnswer(image, {})).toStrictEqual({
			taskId: 't',
			url,
			expiresAt: null,
			cost: null,
			message: `The image is ready: ${url}.`,
			markdown: `![The image](${url})`,
		});
		expect(toolAnswer({ ...image, cost: undefined }, {}).message).toBe(
			`The image is ready: ${url}.`,
		);
	});

	test('number it among those of its task, and pass on what the model wrote', () => {
		const second = { ...image, index: 2, total: 3, text: 'A red one' };
		expect(toolAnswer(second, {})).toMatchObject({
			index: 2,
			total: 3,
			text: 'A red one',
			message: `Image 2 of 3 is ready: ${url}.`,
			markdown: `![Image 2 of 3](${url})`,
		});
	});

	test.each([
		['of the file', { width: 64, height: 32 }, { width: 640, height: 320 }, '64x32'],
		['of the request', {}, { width: 640, height: 320 }, '640x320'],
		['asked for by name', {}, { size: '2K' }, '2K'],
	])('tell the size %s', (_, measured, asked, size) => {
		expect(toolAnswer({ ...image, ...measured }, asked).size).toBe(size);
	});

	test('say what to choose where there is no link to pass on', () => {
		const answer = toolAnswer({ ...image, url: null, cost: 0.02 }, {});
		expect(answer).not.toHaveProperty('markdown');
		expect(answer.message).toBe(
			'The image is made, but came without a link; choose URL as the Response Format. The task cost 0.02 USD in all.',
		);
	});

	test('show it also with a link that Markdown would end too early', () => {
		const odd = 'https://cdn.example.com/a(1).jpg';
		expect(toolAnswer({ ...image, url: odd }, {}).markdown).toBe(`![The image](<${odd}>)`);
	});

	test('of all images of a task stand below each other, without those that have no link', () => {
		const answers = [1, 2, 3].map((index) =>
			toolAnswer({ ...image, index, total: 3, url: index === 2 ? null : `${url}?${index}` }, {}),
		);
		const { message, markdown } = toolAnswerOfAll(answers);
		expect(message).toBe(answers.map((answer) => answer.message).join('\n'));
		expect(markdown).toBe(`![Image 1 of 3](${url}?1)\n![Image 3 of 3](${url}?3)`);
	});
});

describe('the one sentence of an error', () => {
	const node: INode = {
		id: '1',
		name: 'Vtrix',
		type: 'vtrixTool',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const sentenceOf = (message: string, description?: string) =>
		toolError(new NodeOperationError(node, message, { description })).message;

	test('joins lines and sentences, and leaves names and numbers as they are', () => {
		expect(
			sentenceOf(
				'Two are wrong: \n  • Use v1.2 now.\n• Max Images: 99 is too high.  Look here; it says: no\nand a Key too!!',
			),
		).toBe(
			'Two are wrong; use v1.2 now; Max Images: 99 is too high; look here; it says: no; and a Key too.',
		);
	});

	test('has what helps behind what happened, and nothing twice', () => {
		expect(sentenceOf('It broke.', 'Top up first. It broke')).toBe('It broke; top up first.');
		expect(sentenceOf('It broke', '')).toBe('It broke.');
	});

	test('still names the tasks in its details', () => {
		const error = new NodeOperationError(node, 'It broke');
		error.context.taskIds = ['t'];
		expect(toolError(error).context.taskIds).toEqual(['t']);
	});

	test.each([
		['vtrixTool', true],
		['vtrix', false],
	])('is for an agent, which n8n before 2.10 tells by the type alone: %s', (type, is) => {
		expect(isTool({ getNode: () => ({ ...node, type }) })).toBe(is);
	});
});
