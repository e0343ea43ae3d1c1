import { decimal, integer, seed, text, toggle } from './checks';
import type { Check } from './checks';
import { sideOf } from './editingModels';
import type { ImagePlan, Issue, ModelRules } from './modelRules';

const MOST_PIXELS = 2048 * 2048;

const prompt: Check = (value) => {
	if (typeof value !== 'string') return text(value);
	const length = [...value].length;
	return length <= 800 ? undefined : `must have at most 800 characters, got ${length}`;
};

const anySide = integer(1, Number.MAX_SAFE_INTEGER);

/** What the three have in common: no input images, one picture, no codes of their own. */
const fromTextAlone = {
	required: ['prompt'],
	sources: [],
	imageLimits: { formats: [], maxBytes: 0 },
	references: () => ({ references: [], issues: [] }),
	code: ({ problem }: Issue) => (problem === 'missing' ? 'missing_parameter' : 'invalid_parameter'),
	plan: (params: Record<string, unknown>): ImagePlan => ({
		count: 1,
		width: sideOf(params, 'width'),
		height: sideOf(params, 'height'),
		format: 'png',
		delivery: 'url',
		output: 'array',
		entry: { size: true, jobId: true },
		usage: 'plain',
		costPerImage: 0.02,
		failureCode: 'generation_failed',
	}),
};

/** Pages of spark_t2i_3_0 and spark_image_3_1, which document the same. */
export const textToImage: ModelRules = {
	...fromTextAlone,
	params: { prompt, use_pre_llm: toggle, seed, width: anySide, height: anySide },
	across(params) {
		const [given, other] = ['width', 'height'].filter((name) => Object.hasOwn(params, name));
		if (given === undefined) return [];
		const invalid = (why: string): Issue[] => [{ param: given, problem: 'invalid', why }];
		if (other === undefined) return invalid('needs the other side too');
		const width = sideOf(params, 'width');
		const height = sideOf(params, 'height');
		const pixels = width * height;
		if (pixels < 512 * 512 || pixels > MOST_PIXELS) {
			return invalid(`times height must be ${512 * 512} to ${MOST_PIXELS}, got ${pixels}`);
		}
		return Math.max(width, height) > 3 * Math.min(width, height)
			? invalid(`and height must have a ratio of 1:3 to 3:1, got ${width}x${height}`)
			: [];
	},
};

/** Page of spark_dream_3_0. */
export const sparkDream30: ModelRules = {
	...fromTextAlone,
	params: {
		prompt: text,
		use_pre_llm: toggle,
		seed,
		scale: decimal(1, 10),
		width: anySide,
		height: anySide,
	},
	across(params) {
		const pixels = sideOf(params, 'width') * sideOf(params, 'height');
		if (pixels < MOST_PIXELS) return [];
		const why = `times height must be below ${MOST_PIXELS}, got ${pixels}`;
		return [{ param: 'width', problem: 'invalid', why }];
	},
};
