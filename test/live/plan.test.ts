import { judge } from '../standin/validation/request';
import { isRecord } from '../standin/validation/checks';
import { CUSTOM_SIZE } from '../../nodes/Vtrix/core/definition/size';
import { parseRequest } from '../../nodes/Vtrix/core/request/parseRequest';
import { parseSize } from '../../nodes/Vtrix/core/request/parseSize';
import { Budget } from '../../tools/live/plan/budget';
import { readCommand } from '../../tools/live/options';
import { imagesOf, planJobs } from '../../tools/live/plan/jobs';
import { chooseModels, LIVE_MODELS } from '../../tools/live/plan/models';
import { smallestSquare, wrongSquare } from '../../tools/live/plan/smallestSize';
import { imagesPlanned, planSteps } from '../../tools/live/plan/steps';

const ALL = LIVE_MODELS;

/** Every choice of models. */
const CHOICES = Array.from({ length: 2 ** ALL.length - 1 }, (_, bits) =>
	ALL.filter((_model, index) => (bits + 1) & (1 << index)),
);

test('every model of the node but the custom one is proved', () => {
	expect(ALL.length).toBeGreaterThanOrEqual(5);
	expect(ALL.map(({ id }) => id)).not.toContain('custom');
	const { models, unknown } = chooseModels(['spark_dreamo', 'spark_dreamo_2']);
	expect(models.map(({ id }) => id)).toEqual(['spark_dreamo']);
	expect(unknown).toEqual(['spark_dreamo_2']);
});

test.each(ALL.map((model) => [model.id, model] as const))(
	'%s makes its smallest square and refuses a wrong one, by its own declaration',
	(_, model) => {
		const verdict = (sides = { width: 0, height: 0 }) =>
			model.size && parseSize(model.size, { size: CUSTOM_SIZE, ...sides }, false);
		expect(verdict(smallestSquare(model))).toMatchObject({ issues: [], warnings: [] });
		expect(verdict(wrongSquare(model))?.issues).not.toEqual([]);
	},
);

describe('whatever models are chosen', () => {
	test('each is called, and at most four images are added for what they do not cover', () => {
		for (const models of CHOICES) {
			const jobs = planJobs(models);
			expect(new Set(jobs.map(({ model }) => model))).toEqual(new Set(models));
			const images = jobs.reduce((sum, job) => sum + imagesOf(job), 0);
			expect(images).toBeLessThanOrEqual(models.length + 4);
		}
	});

	test('everything that one of them can do is tried', () => {
		for (const models of CHOICES) {
			const jobs = planJobs(models);
			const tried = (what: (job: (typeof jobs)[number]) => boolean) => jobs.some(what);
			const edits = models.some(({ images }) => images);
			const texts = models.some(({ images }) => (images?.min ?? 0) === 0);
			const groups = models.some(({ imageGroup }) => imageGroup);
			const dream50 = models.some(({ id }) => id === 'spark_dream_5_0');
			expect({
				text: tried(({ source }) => source === 'text'),
				file: tried(({ source }) => source === 'file'),
				url: tried(({ source }) => source === 'url'),
				group: tried(({ group }) => group),
				inline: tried(({ inline }) => inline),
				png: tried(({ format }) => format === 'png'),
				jpeg: tried(({ format }) => format === 'jpeg'),
			}).toEqual({
				text: texts,
				file: edits,
				url: edits,
				group: groups,
				inline: dream50,
				png: dream50,
				jpeg: dream50,
			});
		}
	});

	test('what costs nothing comes first, and the first image of a text has the link that is edited', () => {
		for (const models of CHOICES) {
			const steps = planSteps(models);
			const paid = steps.findIndex(({ images }) => images > 0);
			expect(steps.slice(0, paid).map(({ step }) => step)).toEqual([
				'key-good',
				'key-wrong',
				'task-unknown',
				'size-wrong',
			]);
			expect(steps.at(-1)).toMatchObject({ step: 'task-get', images: 0 });
			expect(new Set(steps.map(({ step }) => step)).size).toBe(steps.length);
			const jobs = planJobs(models);
			const first = jobs.find(({ source }) => source === 'text');
			if (first) expect(first.inline).toBe(false);
		}
	});
});

test('what is sent past the check breaks the limits of the size, and nothing else', async () => {
	for (const model of ALL.filter(({ images }) => (images?.min ?? 0) === 0)) {
		const [wrong] = planSteps([model]).filter(({ step }) => step === 'size-wrong');
		const does = wrong?.does({});
		if (!does || !('parameters' in does)) throw new Error('There is no such step');
		const { customModelId, customParameters } = does.parameters;
		const params: unknown = JSON.parse(String(customParameters));
		const verdict = await judge({ model: customModelId, input: [{ params }] }, false);
		expect(verdict).toMatchObject({
			accepted: false,
			message: expect.stringMatching(/size|width/),
		});
		const prompt = isRecord(params) ? params.prompt : undefined;
		const size = { size: undefined, width: undefined, height: undefined };
		const values = { parameters: { prompt }, size, images: [] };
		expect(parseRequest(model, values).issues).toEqual([]);
	}
});

test('a URL of one’s own needs no image before', () => {
	const [url] = planSteps(
		chooseModels(['spark_dreamo']).models,
		'https://example.com/a.png',
	).filter(({ step }) => step.startsWith('url-'));
	expect(url?.after).toBeUndefined();
	expect(JSON.stringify(url?.does({}))).toContain('https://example.com/a.png');
	const [without] = planSteps(chooseModels(['spark_dreamo']).models).filter(({ step }) =>
		step.startsWith('url-'),
	);
	expect(without?.does({})).toMatchObject({ skipped: expect.stringContaining('--image-url') });
});

describe('the spending limit', () => {
	test('is kept by what the service reports', () => {
		const budget = new Budget(0.12);
		const first = budget.reserve(1);
		const second = budget.reserve(1);
		expect(budget.reserve(1)).toBeUndefined();
		if (!first || !second) throw new Error('Two images fit in');
		budget.settle(first, [{ cost: 0.01, images: 1 }]);
		budget.settle(second, [{ cost: 0.02, images: 1 }]);
		expect(budget.spent).toBeCloseTo(0.03);
		expect(budget.reserve(1)).toBeDefined();
	});

	test('is kept by the number of images where the service reports nothing', () => {
		const budget = new Budget(0.12);
		const first = budget.reserve(2);
		if (!first) throw new Error('Two images fit in');
		budget.settle(first, [{ images: 2 }]);
		expect(budget.spent).toBeCloseTo(0.1);
		expect(budget.reserve(1)).toBeUndefined();
		expect(budget.reserve(0)).toBeDefined();
	});

	test('counts with the dearest image so far', () => {
		const budget = new Budget(1);
		const first = budget.reserve(1);
		if (!first) throw new Error('One image fits in');
		budget.settle(first, [{ cost: 0.6, images: 1 }]);
		expect(budget.reserve(1)).toBeUndefined();
	});

	test('has room for all images at the assumed price', () => {
		expect(new Budget(1).reserve(imagesPlanned(planSteps(ALL)))).toBeDefined();
	});
});

describe('the command line', () => {
	test('has a limit of one dollar, asks first and takes all models unless told', () => {
		expect(readCommand([])).toEqual({
			does: 'prove',
			models: [...LIVE_MODELS],
			yes: false,
			limit: 1,
			probe: false,
		});
		const chosen = readCommand([
			'--models',
			'spark_dreamo, spark_i2i_3_0',
			'--limit',
			'0.2',
			'--yes',
		]);
		expect(chosen).toMatchObject({ limit: 0.2, yes: true });
	});

	test.each([
		[['--models', 'spark_dream_9'], /no model 'spark_dream_9'.*spark_dream_5_0/],
		[['--limit', 'much'], /--limit takes an amount/],
		[['--limit', '-1'], /limit/],
		[['--image-url', 'a.png'], /complete address/],
		[['--spend', '3'], /--spend/],
		[['replay'], /Name one folder/],
		[['prove'], /no 'prove'/],
	])('refuses %j', (args, sentence) => {
		expect(() => readCommand(args)).toThrow(sentence);
	});
});
