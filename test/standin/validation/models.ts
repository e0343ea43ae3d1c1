import { FACTS, type ModelId } from '../facts';
import type { Delivery, Issue, ModelRules } from './modelRules';

const generalCode = ({ problem }: Issue): string =>
	problem === 'missing' ? 'missing_parameter' : 'invalid_parameter';

/** Error codes of DreamO and Multi DreamO end alike. */
const dreamOCode =
	(prefix: string) =>
	({ param, problem }: Issue): string => {
		if (param === 'prompt') return `${prefix}${problem === 'missing' ? '001' : '003'}`;
		return `${prefix}${problem === 'missing' ? '002' : '004'}`;
	};

const I2I_CODES: Record<string, string> = {
	prompt: '003003002',
	seed: '003003005',
	scale: '003003006',
	width: '003003007',
	height: '003003007',
};

function i2iCode({ param, problem }: Issue): string {
	if (param === 'prompt' && problem === 'missing') return '003003001';
	if (problem === 'missing') return '003003003';
	if (problem === 'count') return '003003004';
	if (problem === 'conflict') return '003003008';
	return I2I_CODES[param] ?? '003003009';
}

const onePng: Omit<Delivery, 'failureCode' | 'costPerImage'> = {
	format: 'png',
	delivery: 'url',
	output: 'array',
	entry: { size: true, jobId: true },
	usage: 'plain',
};

const fromTextAlone: Omit<ModelRules, 'facts'> = {
	code: generalCode,
	delivers: () => ({ ...onePng, costPerImage: 0.02, failureCode: 'generation_failed' }),
};

/** How each model answers, as its page tells. */
const RULES: Record<ModelId, Omit<ModelRules, 'facts'>> = {
	spark_dreamo: {
		code: dreamOCode('003011'),
		delivers: () => ({ ...onePng, costPerImage: 0.03, failureCode: '003011095' }),
	},
	spark_multi_dreamo: {
		code: dreamOCode('003013'),
		delivers: () => ({
			...onePng,
			entry: { jobId: true },
			costPerImage: 0.05,
			failureCode: '003013095',
		}),
	},
	spark_i2i_3_0: {
		code: i2iCode,
		delivers: () => ({
			...onePng,
			usage: 'tokens',
			costPerImage: 0.03,
			failureCode: '003003095',
		}),
	},
	spark_dream_4_5: {
		code: ({ param, problem }) => {
			if (param === 'prompt' && problem === 'missing') return '003025001';
			return problem === 'count' ? '003025002' : 'invalid_parameter';
		},
		delivers: () => ({
			format: 'jpeg',
			delivery: 'url',
			output: 'object',
			entry: {},
			usage: 'plain',
			costPerImage: 0.04,
			failureCode: '003025095',
		}),
	},
	spark_dream_5_0: {
		code: generalCode,
		delivers: ({ output_format: format, response_format: delivery }) => ({
			format: format === 'png' ? 'png' : 'jpeg',
			delivery: delivery === 'b64_json' ? 'b64_json' : 'url',
			output: 'object',
			entry: {},
			usage: 'webSearch',
			costPerImage: 0.035,
			failureCode: 'generation_failed',
		}),
	},
	spark_t2i_3_0: fromTextAlone,
	spark_image_3_1: fromTextAlone,
	spark_dream_3_0: fromTextAlone,
};

const isModel = (id: string): id is ModelId => Object.hasOwn(RULES, id);

/** The rules of a documented model. */
export const rulesOf = (id: string): ModelRules | undefined =>
	isModel(id) ? { ...RULES[id], facts: FACTS[id] } : undefined;
