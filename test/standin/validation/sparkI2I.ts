import { decimal, integer, seed, text } from './checks';
import type { Check } from './checks';
import { editingImageLimits, IMAGE_SOURCES, oneSourceOfImages, sideOf } from './editingModels';
import type { Issue, ModelRules } from './modelRules';

const CODES: Record<string, string> = {
	prompt: '003003002',
	seed: '003003005',
	scale: '003003006',
	width: '003003007',
	height: '003003007',
};

const prompt: Check = (value) => {
	if (typeof value !== 'string') return text(value);
	const length = [...value].length;
	return length <= 800 ? undefined : `must have at most 800 characters, got ${length}`;
};

/** Page of spark_i2i_3_0: one picture changed by an instruction. */
export const sparkI2I: ModelRules = {
	params: {
		prompt,
		seed,
		scale: decimal(0, 1),
		width: integer(512, 2016),
		height: integer(512, 2016),
	},
	required: ['prompt'],
	sources: IMAGE_SOURCES,
	imageLimits: { ...editingImageLimits, maxRatio: 3 },
	references: (params) => oneSourceOfImages(params, 1),
	across: (params) => {
		const sides = ['width', 'height'].filter((name) => Object.hasOwn(params, name));
		if (sides.length !== 1) return [];
		return [{ param: sides[0] ?? '', problem: 'invalid', why: 'needs the other side too' }];
	},
	code,
	plan: (params) => ({
		count: 1,
		width: served(sideOf(params, 'width')),
		height: served(sideOf(params, 'height')),
		format: 'png',
		delivery: 'url',
		output: 'array',
		entry: { size: true, jobId: true },
		usage: 'tokens',
		costPerImage: 0.03,
		failureCode: '003003095',
	}),
};

function code({ param, problem }: Issue): string {
	if (param === 'prompt' && problem === 'missing') return '003003001';
	if (problem === 'missing') return '003003003';
	if (problem === 'count') return '003003004';
	if (problem === 'conflict') return '003003008';
	return CODES[param] ?? '003003009';
}

/** The service's own rounding: the closest multiple of 16 within 512 to 1536. */
function served(side: number): number {
	return Math.min(1536, Math.max(512, Math.round(side / 16) * 16));
}
