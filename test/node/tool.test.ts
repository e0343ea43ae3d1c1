import { NodeHelpers, type INodeParameters } from 'n8n-workflow';
import { atStandIn } from './atStandIn';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
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
