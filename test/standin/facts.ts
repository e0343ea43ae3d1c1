/**
 * What the documentation says of the models, typed by hand from its pages: the independent second
 * opinion that the stand-in judges by and that the node's own declarations are compared with. Never to
 * be generated from them, nor imported by them.
 */

/** A model, by the id that the API knows it by. */
export type ModelId =
	| 'spark_dreamo'
	| 'spark_multi_dreamo'
	| 'spark_i2i_3_0'
	| 'spark_dream_4_5'
	| 'spark_dream_5_0'
	| 'spark_t2i_3_0'
	| 'spark_image_3_1'
	| 'spark_dream_3_0';

/** JSON type of a parameter. */
export type FactType =
	| 'string'
	| 'integer'
	| 'number'
	| 'boolean'
	| 'string[]'
	| 'object[]'
	| 'string | string[]';

/**
 * One documented parameter. `model` itself stands outside the parameters and is not listed; nor is
 * an object whose fields are.
 */
export interface ParameterFact {
	/** The API's name; an object's field with its path, `optimize_prompt_options.mode`. */
	name: string;
	type: FactType;
	/** `one of two`: exactly one of the image parameters has to be there. */
	required: boolean | 'one of two';
	/** Both bounds are allowed values. */
	min?: number;
	max?: number;
	/** Values that the bounds would allow and that are refused all the same. */
	excluded?: readonly number[];
	/** The allowed values; of each entry if the type is an array, of its `type` if of objects. */
	options?: readonly string[];
	/** What holds when the parameter is not sent. */
	default?: string | number | boolean;
	/** Documented, but switched off at the provider for now. */
	unavailable?: true;
	/** Parameter that has to be sent along, or both are without effect. */
	onlyWith?: string;
	/** Another parameter's value without which this one is without effect. */
	onlyWhen?: { name: string; value: string };
	/** A list with exactly one entry for each input image. */
	onePerImage?: true;
}

/** Image formats by the names of the pages, in lower case. */
export type FactFormat = 'jpeg' | 'png' | 'webp' | 'bmp' | 'tiff' | 'gif';

/** Closed interval. */
export interface Range {
	min: number;
	max: number;
}

/** What an input image has to be like. */
export interface ImageFact {
	minCount: number;
	maxCount: number;
	formats: readonly FactFormat[];
	/** Of the file, before base64. */
	maxBytes: number;
	/** Longest side, pixels. */
	maxSide?: number;
	/** Both sides must be longer than this, pixels. */
	minSideExclusive?: number;
	/** Width × height. */
	maxPixels?: number;
	/** Width / height. */
	ratio?: Range;
	/** Longer side / shorter side. */
	maxLongToShort?: number;
	/** Width / height that is only recommended. */
	recommendedRatio?: Range;
	/**
	 * `split`: URLs in `image_urls` or files as bare base64 in `binary_data_base64`, never both.
	 * `mixed`: `image`, one string or an array, URLs and data URIs side by side.
	 */
	sentAs: 'split' | 'mixed';
	/** Input images and pictures to be made, together. */
	maxWithOutput?: number;
}

/** A documented size. */
export interface PresetFact {
	width: number;
	height: number;
	/** As the page prints it. */
	ratio: string;
	/** Group of the page's table, where it has groups. */
	resolution?: '1K' | '2K' | '3K';
}

/** How large the picture may become. */
export interface SizeFact {
	/** `sides`: two integers `width` and `height`; `text`: one string `size`, `2048x1024`. */
	sentAs: 'sides' | 'text';
	default: { width: number; height: number };
	presets: readonly PresetFact[];
	/** Words in place of pixels; the model then chooses the shape. */
	keywords: readonly string[];
	/** Of each side, pixels. */
	side?: Range;
	/** Width × height. */
	pixels?: Partial<Range>;
	/** Width / height. */
	ratio?: Range;
	/** Both sides or neither. */
	together?: true;
	/** What the service makes of the wish. */
	roundedTo?: { multipleOf: number; side: Range };
	/** Sides below this are allowed, but may give a black picture. */
	recommendedMinSide?: number;
	/** Sizes that are allowed, but work less well than the one that works best. */
	lessWell?: ReadonlyArray<{ width: number; height: number }>;
}

/** Limits of the prompt's text. */
export interface PromptFact {
	/** Code points. */
	maxCharacters?: number;
	/** Recommendations: to be warned about, never refused. */
	recommended: {
		characters?: number;
		chineseCharacters?: number;
		englishWords?: number;
		/** An example of characters that are advised against. */
		without?: string;
	};
}

/** All that is documented of a model. */
export interface ModelFacts {
	parameters: readonly ParameterFact[];
	prompt: PromptFact;
	images: ImageFact;
	size: SizeFact;
	/** Meaning by code, in our words. */
	errorCodes: Readonly<Record<string, string>>;
}

const MEGABYTE = 1_000_000;

const PROMPT: ParameterFact = { name: 'prompt', type: 'string', required: true };
const SEED: ParameterFact = {
	name: 'seed',
	type: 'integer',
	required: false,
	min: -1,
	excluded: [0],
	default: -1,
};
const SPLIT_IMAGES: readonly ParameterFact[] = [
	{ name: 'image_urls', type: 'string[]', required: 'one of two' },
	{ name: 'binary_data_base64', type: 'string[]', required: 'one of two' },
];
const USE_REPHRASER: ParameterFact = {
	name: 'use_rephraser',
	type: 'boolean',
	required: false,
	default: true,
};
const SIDES_512_TO_2048: readonly ParameterFact[] = [
	{ name: 'width', type: 'integer', required: false, min: 512, max: 2048, default: 1328 },
	{ name: 'height', type: 'integer', required: false, min: 512, max: 2048, default: 1328 },
];
/** Shared by both Spark Dream models. */
const DREAM_PARAMETERS: readonly ParameterFact[] = [
	PROMPT,
	{ name: 'image', type: 'string | string[]', required: false },
	{ name: 'size', type: 'string', required: false, default: '2048x2048' },
	{
		name: 'sequential_image_generation',
		type: 'string',
		required: false,
		options: ['auto', 'disabled'],
		default: 'disabled',
	},
	{
		name: 'sequential_image_generation_options.max_images',
		type: 'integer',
		required: false,
		min: 1,
		max: 15,
		default: 15,
		onlyWhen: { name: 'sequential_image_generation', value: 'auto' },
	},
	{ name: 'stream', type: 'boolean', required: false, default: false },
	{ name: 'watermark', type: 'boolean', required: false, default: true },
	{
		name: 'optimize_prompt_options.mode',
		type: 'string',
		required: false,
		options: ['standard'],
		default: 'standard',
	},
];

const USE_PRE_LLM: ParameterFact = { name: 'use_pre_llm', type: 'boolean', required: false };
/** Shared by Spark Text to Image 3.0 and Spark Image 3.1. */
const TEXT_TO_IMAGE_PARAMETERS: readonly ParameterFact[] = [
	PROMPT,
	{ ...USE_PRE_LLM, default: true },
	SEED,
	{ name: 'width', type: 'integer', required: false, default: 1328, onlyWith: 'height' },
	{ name: 'height', type: 'integer', required: false, default: 1328, onlyWith: 'width' },
];

const JPEG_OR_PNG: Pick<ImageFact, 'formats' | 'maxBytes' | 'maxSide' | 'sentAs'> = {
	formats: ['jpeg', 'png'],
	maxBytes: 4.7 * MEGABYTE,
	maxSide: 4096,
	sentAs: 'split',
};
/** A model that works from the prompt alone. */
const NO_IMAGES: ImageFact = {
	minCount: 0,
	maxCount: 0,
	formats: [],
	maxBytes: 0,
	sentAs: 'split',
};
const DREAM_IMAGES: ImageFact = {
	minCount: 0,
	maxCount: 14,
	formats: ['jpeg', 'png', 'webp', 'bmp', 'tiff', 'gif'],
	maxBytes: 10 * MEGABYTE,
	minSideExclusive: 14,
	maxPixels: 36_000_000,
	ratio: { min: 1 / 16, max: 16 },
	sentAs: 'mixed',
	maxWithOutput: 15,
};

const LANDSCAPE_PRESETS: readonly PresetFact[] = [
	{ ratio: '1:1', width: 1328, height: 1328 },
	{ ratio: '4:3', width: 1472, height: 1104 },
	{ ratio: '3:2', width: 1584, height: 1056 },
	{ ratio: '16:9', width: 1664, height: 936 },
	{ ratio: '21:9', width: 2016, height: 864 },
];
const DREAMO_SIZE: SizeFact = {
	sentAs: 'sides',
	default: { width: 1328, height: 1328 },
	presets: LANDSCAPE_PRESETS,
	keywords: [],
	side: { min: 512, max: 2048 },
	pixels: { max: 2048 * 2048 },
};
const TEXT_TO_IMAGE_SIZE: SizeFact = {
	sentAs: 'sides',
	default: { width: 1328, height: 1328 },
	presets: [
		{ resolution: '1K', ratio: '1:1', width: 1328, height: 1328 },
		{ resolution: '1K', ratio: '4:3', width: 1472, height: 1104 },
		{ resolution: '1K', ratio: '3:2', width: 1584, height: 1056 },
		{ resolution: '1K', ratio: '16:9', width: 1664, height: 936 },
		{ resolution: '1K', ratio: '21:9', width: 2016, height: 864 },
		{ resolution: '2K', ratio: '1:1', width: 2048, height: 2048 },
		{ resolution: '2K', ratio: '4:3', width: 2304, height: 1728 },
		{ resolution: '2K', ratio: '3:2', width: 2496, height: 1664 },
		{ resolution: '2K', ratio: '16:9', width: 2560, height: 1440 },
		{ resolution: '2K', ratio: '21:9', width: 3024, height: 1296 },
	],
	keywords: [],
	pixels: { min: 262_144, max: 4_194_304 },
	ratio: { min: 1 / 3, max: 3 },
	together: true,
};
const WIDE_TO_TALL: Range = { min: 9 / 16, max: 16 / 9 };

/** The documented facts of all models. */
export const FACTS: Readonly<Record<ModelId, ModelFacts>> = {
	spark_dreamo: {
		parameters: [PROMPT, ...SPLIT_IMAGES, SEED, USE_REPHRASER, ...SIDES_512_TO_2048],
		prompt: { recommended: { characters: 300 } },
		images: { ...JPEG_OR_PNG, minCount: 1, maxCount: 1, recommendedRatio: WIDE_TO_TALL },
		size: DREAMO_SIZE,
		errorCodes: {
			'003011001': 'There is no prompt',
			'003011002': 'There is no image',
			'003011003': 'The prompt is too short or too long',
			'003011004': 'A parameter has a value that is not allowed',
			'003011095': 'The picture could not be made, for a reason within the service',
			'003011096': 'The service could not read the finished result',
			'003011097': 'A service behind the gateway answered with an HTTP error',
			'003011098': 'The service could not find out how far the task is',
			'003011099': 'The service could not start the task',
		},
	},

	spark_multi_dreamo: {
		parameters: [
			PROMPT,
			...SPLIT_IMAGES,
			{
				name: 'ref_type_list',
				type: 'string[]',
				required: false,
				options: ['IP', 'ID', 'STYLE', 'AUTO'],
				default: 'AUTO',
				onePerImage: true,
			},
			{ name: 'guidance_scale1', type: 'number', required: false, min: 1, max: 7, default: 2.5 },
			{ name: 'guidance_scale2', type: 'number', required: false, min: 1, max: 7, default: 2.5 },
			{ name: 'ddim_steps', type: 'integer', required: false, min: 1, max: 50, default: 12 },
			{ name: 'swap_face', type: 'boolean', required: false, default: false },
			USE_REPHRASER,
			{
				name: 'rephraser_level',
				type: 'string',
				required: false,
				options: ['general', 'fine', 'coarse'],
				default: 'general',
			},
			SEED,
			...SIDES_512_TO_2048,
		],
		prompt: { recommended: { characters: 300 } },
		images: { ...JPEG_OR_PNG, minCount: 1, maxCount: 5, recommendedRatio: WIDE_TO_TALL },
		size: DREAMO_SIZE,
		errorCodes: {
			'003013001': 'There is no prompt',
			'003013002': 'There is no image',
			'003013003': 'The prompt is too short or too long',
			'003013004': 'A parameter has a value that is not allowed',
			'003013095': 'The picture could not be made, for a reason within the service',
			'003013096': 'The service could not read the finished result',
			'003013097': 'A service behind the gateway answered with an HTTP error',
			'003013098': 'The service could not find out how far the task is',
			'003013099': 'The service is not available just now',
		},
	},

	spark_i2i_3_0: {
		parameters: [
			PROMPT,
			...SPLIT_IMAGES,
			SEED,
			{ name: 'scale', type: 'number', required: false, min: 0, max: 1, default: 0.5 },
			{
				name: 'width',
				type: 'integer',
				required: false,
				min: 512,
				max: 2016,
				default: 1328,
				onlyWith: 'height',
			},
			{
				name: 'height',
				type: 'integer',
				required: false,
				min: 512,
				max: 2016,
				default: 1328,
				onlyWith: 'width',
			},
		],
		prompt: { maxCharacters: 800, recommended: { characters: 120 } },
		images: { ...JPEG_OR_PNG, minCount: 1, maxCount: 1, maxLongToShort: 3 },
		size: {
			sentAs: 'sides',
			default: { width: 1328, height: 1328 },
			presets: LANDSCAPE_PRESETS,
			keywords: [],
			side: { min: 512, max: 2016 },
			together: true,
			roundedTo: { multipleOf: 16, side: { min: 512, max: 1536 } },
			recommendedMinSide: 600,
		},
		errorCodes: {
			'003003001': 'There is no prompt',
			'003003002': 'The prompt is too short or too long',
			'003003003': 'There is no image',
			'003003004': 'The number of images is not the one that the model takes',
			'003003005': 'The seed is not allowed',
			'003003006': 'The scale is outside of its range',
			'003003007': 'Width or height is outside of its range',
			'003003008': 'Images came both as URLs and as data',
			'003003009': 'The list of images is malformed',
			'003003095': 'The picture could not be made, for a reason within the service',
			'003003096': 'The service could not read the finished result',
			'003003097': 'A service behind the gateway answered with an HTTP error',
			'003003098': 'The service could not find out how far the task is',
			'003003099': 'The service could not start the task',
		},
	},

	spark_dream_4_5: {
		parameters: DREAM_PARAMETERS,
		prompt: { recommended: { chineseCharacters: 300, englishWords: 600 } },
		images: DREAM_IMAGES,
		size: {
			sentAs: 'text',
			default: { width: 2048, height: 2048 },
			presets: [
				{ ratio: '1:1', width: 2048, height: 2048 },
				{ ratio: '4:3', width: 2304, height: 1728 },
				{ ratio: '3:4', width: 1728, height: 2304 },
				{ ratio: '16:9', width: 2560, height: 1440 },
				{ ratio: '9:16', width: 1440, height: 2560 },
				{ ratio: '3:2', width: 2496, height: 1664 },
				{ ratio: '2:3', width: 1664, height: 2496 },
				{ ratio: '21:9', width: 3024, height: 1296 },
			],
			keywords: ['2K', '4K'],
			pixels: { min: 3_686_400, max: 16_777_216 },
			ratio: { min: 1 / 16, max: 16 },
		},
		errorCodes: {
			'003025001': 'There is no prompt',
			'003025002': 'There are more than 14 images',
			'003025095': 'The picture could not be made, for a reason within the service',
			'003025096': 'The service could not read the finished result',
			'003025097': 'A service behind the gateway answered with an HTTP error',
			'003025099': 'The picture could not be made while the service waited for it',
		},
	},

	spark_dream_5_0: {
		parameters: [
			...DREAM_PARAMETERS,
			{
				name: 'tools',
				type: 'object[]',
				required: false,
				options: ['web_search'],
				unavailable: true,
			},
			{
				name: 'output_format',
				type: 'string',
				required: false,
				options: ['png', 'jpeg'],
				default: 'jpeg',
			},
			{
				name: 'response_format',
				type: 'string',
				required: false,
				options: ['url', 'b64_json'],
				default: 'url',
			},
		],
		prompt: { recommended: { chineseCharacters: 300, englishWords: 600 } },
		images: DREAM_IMAGES,
		size: {
			sentAs: 'text',
			default: { width: 2048, height: 2048 },
			presets: [
				{ resolution: '2K', ratio: '1:1', width: 2048, height: 2048 },
				{ resolution: '2K', ratio: '4:3', width: 2304, height: 1728 },
				{ resolution: '2K', ratio: '3:4', width: 1728, height: 2304 },
				{ resolution: '2K', ratio: '16:9', width: 2848, height: 1600 },
				{ resolution: '2K', ratio: '9:16', width: 1600, height: 2848 },
				{ resolution: '2K', ratio: '3:2', width: 2496, height: 1664 },
				{ resolution: '2K', ratio: '2:3', width: 1664, height: 2496 },
				{ resolution: '2K', ratio: '21:9', width: 3136, height: 1344 },
				{ resolution: '3K', ratio: '1:1', width: 3072, height: 3072 },
				{ resolution: '3K', ratio: '4:3', width: 3456, height: 2592 },
				{ resolution: '3K', ratio: '3:4', width: 2592, height: 3456 },
				{ resolution: '3K', ratio: '16:9', width: 4096, height: 2304 },
				{ resolution: '3K', ratio: '9:16', width: 2304, height: 4096 },
				{ resolution: '3K', ratio: '2:3', width: 2496, height: 3744 },
				{ resolution: '3K', ratio: '3:2', width: 3744, height: 2496 },
				{ resolution: '3K', ratio: '21:9', width: 4704, height: 2016 },
			],
			keywords: ['2K', '3K'],
			pixels: { min: 3_686_400, max: 10_404_496 },
			ratio: { min: 1 / 16, max: 16 },
		},
		// the page of this model lists no codes
		errorCodes: {},
	},

	spark_t2i_3_0: {
		parameters: TEXT_TO_IMAGE_PARAMETERS,
		prompt: { maxCharacters: 800, recommended: { characters: 120 } },
		images: NO_IMAGES,
		size: TEXT_TO_IMAGE_SIZE,
		// the codes of this page and of the two below were not to be had
		errorCodes: {},
	},

	spark_image_3_1: {
		parameters: TEXT_TO_IMAGE_PARAMETERS,
		prompt: { maxCharacters: 800, recommended: { characters: 120 } },
		images: NO_IMAGES,
		size: TEXT_TO_IMAGE_SIZE,
		errorCodes: {},
	},

	spark_dream_3_0: {
		parameters: [
			PROMPT,
			{ ...USE_PRE_LLM, default: false },
			SEED,
			{ name: 'scale', type: 'number', required: false, min: 1, max: 10, default: 2.5 },
			{ name: 'width', type: 'integer', required: false, default: 1328 },
			{ name: 'height', type: 'integer', required: false, default: 1328 },
		],
		prompt: { recommended: { without: '$' } },
		images: NO_IMAGES,
		size: {
			sentAs: 'sides',
			default: { width: 1328, height: 1328 },
			presets: LANDSCAPE_PRESETS,
			keywords: [],
			// below 2048 × 2048
			pixels: { max: 4_194_303 },
			// 1K and 2K
			lessWell: [
				{ width: 1024, height: 1024 },
				{ width: 2560, height: 1440 },
				{ width: 2048, height: 2047 },
			],
		},
		errorCodes: {},
	},
};
