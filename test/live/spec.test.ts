/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FACTS } from '../standin/facts';
import { startStandIn, type StandIn } from '../standin';
import type { SpecFault } from '../standin/faults/schemas';
import type { DescribedParameter } from '../standin/spec/descriptions';
import { OWN_MODELS } from '../standin/spec/ownModels';
import { envelope, spec } from '../standin/spec/specServer';
import { listen } from '../support/listen';
import { compareDescriptions } from '../../tools/live/compareDescriptions';
import { compareSpec, type SpecComparison } from '../../tools/live/beliefs/compareSpec';
import { compare } from '../../tools/live/beliefs/compare';
import { readRecording } from '../../tools/live/recording/folder';
import { runCommand } from './runCommand';

const KEY = ['key', 'of', 'somebody', '4711'].join('-');
const MODEL = 'spark_i2i_3_0';
const ALL = Object.keys(FACTS);

let standIn: StandIn;
let folder: string;
beforeAll(async () => {
	standIn = await startStandIn({ apiKey: KEY });
});
afterAll(async () => await standIn.close());
beforeEach(() => {
	standIn.reset();
	folder = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-spec-'));
});
afterEach(() => {
	expect(standIn.leaks).toEqual([]);
	fs.rmSync(folder, { recursive: true });
});

/** What the comparison of a host's descriptions comes to, and its report. */
async function compareAt(url: string, ids = [MODEL]) {
	const report = await compareDescriptions({ url, ids, folder });
	const steps = readRecording(folder);
	const {
		agreeing = [],
		differences = [],
		untold = [],
	}: Partial<SpecComparison> = compareSpec(steps) ?? {};
	return { report, steps, agreeing, differences, untold };
}

test('the stand-in describes our models as we declare them, and everything is as believed', async () => {
	const { agreeing, differences, untold, steps } = await compareAt(standIn.specUrl, ALL);
	expect([differences, untold]).toEqual([[], []]);
	expect(agreeing.sort()).toEqual([...ALL].sort());
	const { different, asBelieved } = await compare(steps);
	expect(different).toEqual([]);
	expect(asBelieved.map(({ id }) => id).filter((id) => id.startsWith('spec.'))).toHaveLength(7);
});

test('a recording is compared as the host itself is', async () => {
	const recording = path.join(__dirname, '..', 'recordings', 'stand-in');
	const report = await compareDescriptions({ recording });
	expect(report).toContain('8 models agree in every field, 0 differ');
	const other = path.join(__dirname, '..', 'recordings', 'different-gateway');
	await expect(compareDescriptions({ recording: other })).rejects.toThrow(/no descriptions/);
});

type Change = (parameter: DescribedParameter) => DescribedParameter[];

const constrained =
	(change: DescribedParameter['constraints']): Change =>
	(one) => [{ ...one, constraints: { ...one.constraints, ...change } }];

/** Lets the stand-in describe a model with one parameter changed. */
function describeWith(id: string, name: string, change: Change) {
	const own = OWN_MODELS.find((model) => model.id === id);
	const parameters = own?.parameters.flatMap((one) => (one.name === name ? change(one) : [one]));
	if (!own || !parameters) throw new Error(`no model ${id}`);
	const body = envelope(spec({ ...own, parameters }));
	standIn.fault('spec', { type: 'otherForm', body }, { match: { model: id } });
}

describe('a description that differs in one field is told by that field alone', () => {
	const multi = 'spark_multi_dreamo';
	test.each<[string, string, string, Change, Array<[string, string, string, string]>]>([
		[
			'a name',
			MODEL,
			'scale',
			(one) => [{ ...one, name: 'strength' }],
			[
				['scale', 'parameter', 'declared', 'nothing'],
				['strength', 'parameter', 'nothing', 'described'],
			],
		],
		[
			'a type',
			MODEL,
			'seed',
			(one) => [{ ...one, type: 'string' }],
			[['seed', 'type', 'integer', 'string']],
		],
		[
			'the kind of a list',
			MODEL,
			'image_urls',
			(one) => [{ ...one, type: 'array[object]' }],
			[['image_urls', 'type', 'list of string or list', 'list of object']],
		],
		[
			'what is required',
			MODEL,
			'scale',
			(one) => [{ ...one, required: true }],
			[['scale', 'required', 'false', 'true']],
		],
		[
			'a smallest value',
			MODEL,
			'width',
			constrained({ min: 256 }),
			[['width', 'smallest value', '512', '256']],
		],
		[
			'a largest value',
			MODEL,
			'width',
			constrained({ max: 4096 }),
			[['width', 'largest value', '2016', '4096']],
		],
		[
			'a limit that is not told',
			MODEL,
			'width',
			constrained({ max: undefined }),
			[['width', 'largest value', '2016', 'nothing']],
		],
		[
			'a length',
			MODEL,
			'prompt',
			constrained({ max_length: 900 }),
			[['prompt', 'longest text', '800', '900']],
		],
		[
			'a number of images',
			multi,
			'image_urls',
			constrained({ max_items: 3 }),
			[['image_urls', 'longest list', '5', '3']],
		],
		[
			'an allowed value',
			multi,
			'rephraser_level',
			constrained({ enum: ['general', 'fine', 'rough'] }),
			[['rephraser_level', 'allowed values', 'coarse, fine, general', 'fine, general, rough']],
		],
		[
			'a default',
			multi,
			'swap_face',
			constrained({ default: true }),
			[['swap_face', 'default', 'false', 'true']],
		],
		[
			'a field of an object',
			'spark_dream_5_0',
			'optimize_prompt_options',
			(one) => [
				{
					...one,
					children: one.children?.map((child) => ({ ...child, type: 'bool' })),
				},
			],
			[['optimize_prompt_options.mode', 'type', 'string', 'boolean']],
		],
	])('%s', async (_, model, name, change, expected) => {
		describeWith(model, name, change);
		const { differences, agreeing, report } = await compareAt(standIn.specUrl, [model]);
		expect(differences).toEqual(
			expected.map(([parameter, field, ours, theirs]) => ({
				model,
				parameter,
				field,
				ours,
				theirs,
			})),
		);
		expect(agreeing).toEqual([]);
		for (const [parameter, field, ours, theirs] of expected) {
			expect(report).toContain(`| ${model} | \`${parameter}\` | ${field} | ${ours} | ${theirs} |`);
		}
	});
});

describe('what is no description is told in one sentence, and the other models are compared', () => {
	test.each<[string, SpecFault, string]>([
		['an unknown model', { type: 'status', code: 404 }, 'does not know spark_i2i_3_0 (HTTP 404).'],
		['a refusal', { type: 'status', code: 403 }, 'did not tell about spark_i2i_3_0 (HTTP 403).'],
		['a web page', { type: 'html' }, 'with something else than JSON (text/html).'],
		[
			'another form',
			{ type: 'otherForm', body: { models: [] } },
			'The description of spark_i2i_3_0 has another form.',
		],
		[
			'an endless answer',
			{ type: 'huge', megabytes: 3 },
			'gave no whole answer about spark_i2i_3_0 (more than 2 MB).',
		],
		['a broken connection', { type: 'reset' }, 'gave no whole answer about spark_i2i_3_0 (ECON'],
	])('%s', async (_, fault, sentence) => {
		standIn.fault('spec', fault, { match: { model: MODEL } });
		const { untold, agreeing, report } = await compareAt(standIn.specUrl, [MODEL, 'spark_dreamo']);
		expect(untold).toEqual([expect.stringContaining(sentence)]);
		expect(agreeing).toEqual(['spark_dreamo']);
		expect(report).toContain(sentence);
	});

	test('a host that is not there is asked once', async () => {
		const gone = await listen(createServer());
		await gone.close();
		const { untold, steps } = await compareAt(`http://${gone.host}`, ALL);
		expect(untold).toEqual([expect.stringMatching(/about the list of models \(ECONNREFUSED\)\.$/)]);
		expect(steps[0]?.exchanges).toHaveLength(1);
	});
});

describe('the command', () => {
	test('compares without a key, sends none though one is set, and ends well with differences', async () => {
		describeWith(MODEL, 'scale', constrained({ max: 2 }));
		const env = { VTRIX_API_KEY: KEY, VTRIX_SPEC_URL: standIn.specUrl };
		const { code, said } = await runCommand(env, '--spec', '--out', folder);
		expect([code, said]).toEqual([0, expect.stringContaining('(1 difference)')]);
		expect(said).toContain('| spark_i2i_3_0 | `scale` | largest value | 1 | 2 |');
		const { requests } = standIn;
		expect(requests.map(({ kind }) => kind)).toEqual(Array(11).fill('spec'));
		for (const { headers } of requests) expect(JSON.stringify(headers)).not.toContain(KEY);

		const before = requests.length;
		const again = await runCommand({}, 'replay', folder, '--spec');
		expect([again.code, again.said]).toEqual([0, expect.stringContaining('(1 difference)')]);
		const played = await runCommand({}, 'replay', folder);
		expect([played.code, played.said]).toEqual([0, expect.stringContaining('(1 difference)')]);
		expect(standIn.requests).toHaveLength(before);
	});
});
