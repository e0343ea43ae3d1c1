import type { MediaKind } from '../media/mediaSamples';

/** A parameter as the platform describes it; enums are texts even for numbers. */
export interface DescribedParameter {
	name: string;
	type: string;
	required?: boolean;
	description?: string;
	constraints?: {
		enum?: string[];
		default?: unknown;
		min?: number;
		max?: number;
		min_length?: number;
		max_length?: number;
		max_items?: number;
	};
	example?: unknown;
	children?: DescribedParameter[];
}

/** A model beyond those with pages of their own. */
export interface DescribedModel {
	id: string;
	name: string;
	type: 'image' | 'video' | 'audio';
	description: string;
	inputs: string[];
	outputs: string[];
	/** What its tasks make. */
	makes: MediaKind | 'png';
	parameters: DescribedParameter[];
}

const prompt = (max_length: number, description = 'What to make'): DescribedParameter => ({
	name: 'prompt',
	type: 'string',
	required: true,
	description,
	constraints: { min_length: 1, max_length },
	example: 'A lighthouse at dawn',
});
const seed: DescribedParameter = {
	name: 'seed',
	type: 'int',
	description: 'Fixes the randomness',
	constraints: { min: 0, max: 2_147_483_647 },
};
const duration = (values: string[]): DescribedParameter => ({
	name: 'duration',
	type: 'int',
	description: 'Length in seconds',
	constraints: { enum: values, default: values[0] },
});
const ratio: DescribedParameter = {
	name: 'ratio',
	type: 'string',
	constraints: { enum: ['16:9', '9:16', '1:1', 'adaptive'], default: 'adaptive' },
};

/** Ten models of every kind that the platform has, described in the form of its clients' tests. */
export const DESCRIBED_MODELS: readonly DescribedModel[] = [
	{
		id: 'spark_dance_v2_0',
		name: 'Spark Dance 2.0',
		type: 'video',
		description: 'Video from text, images, videos and sound',
		inputs: ['text', 'image', 'video', 'audio'],
		outputs: ['video'],
		makes: 'mp4',
		parameters: [
			{
				name: 'content',
				type: 'array[object]',
				required: true,
				description: 'Text and media; the first frame and reference images exclude each other',
				constraints: { max_items: 12 },
				children: [
					{
						name: 'type',
						type: 'string',
						required: true,
						constraints: { enum: ['text', 'image_url'] },
					},
					{ name: 'text', type: 'string' },
					{ name: 'image_url', type: 'object', children: [{ name: 'url', type: 'string' }] },
					{ name: 'role', type: 'string', constraints: { enum: ['first_frame', 'last_frame'] } },
				],
			},
			{
				name: 'resolution',
				type: 'string',
				constraints: { enum: ['480p', '720p', '1080p'], default: '720p' },
			},
			ratio,
			{ name: 'return_last_frame', type: 'boolean', constraints: { default: false } },
			{ name: 'service_tier', type: 'string', constraints: { enum: ['default', 'flex'] } },
			{
				name: 'execution_expires_after',
				type: 'integer',
				constraints: { min: 3600, max: 259_200, default: 172_800 },
			},
			seed,
		],
	},
	{
		id: 'kirin_i2v',
		name: 'Kirin Image to Video',
		type: 'video',
		description: 'Video from one photo',
		inputs: ['text', 'image'],
		outputs: ['video'],
		makes: 'mp4',
		parameters: [
			{
				name: 'image',
				type: 'string',
				required: true,
				description: 'The first frame, a URL or base64',
			},
			prompt(2500, 'What happens'),
			{ name: 'negative_prompt', type: 'string', constraints: { max_length: 2500 } },
			duration(['5', '10']),
			{ name: 'cfg_scale', type: 'float', constraints: { min: 0, max: 1, default: 0.5 } },
			{
				name: 'camera_control',
				type: 'object',
				description: 'Camera movement',
				children: [
					{
						name: 'type',
						type: 'string',
						required: true,
						constraints: { enum: ['simple', 'down_back', 'forward_up'] },
					},
					{
						name: 'config',
						type: 'object',
						children: [
							{ name: 'zoom', type: 'float', constraints: { min: -10, max: 10 } },
							{ name: 'pan', type: 'float', constraints: { min: -10, max: 10 } },
						],
					},
				],
			},
		],
	},
	{
		id: 'pixverse_v6_t2v',
		name: 'PixVerse 6 Text to Video',
		type: 'video',
		description: 'Short video from text',
		inputs: ['text'],
		outputs: ['video'],
		makes: 'mp4',
		parameters: [prompt(2048), duration(['5', '8']), ratio, seed],
	},
	{
		id: 'viduq3_reference',
		name: 'Vidu Q3 Reference',
		type: 'video',
		description: 'Video with the people of several photos',
		inputs: ['text', 'image'],
		outputs: ['video'],
		makes: 'webm',
		parameters: [
			{
				name: 'images',
				type: 'array[string]',
				required: true,
				description: 'Photos of the people',
				constraints: { max_items: 7 },
			},
			prompt(1500),
			{ name: 'audio', type: 'bool', constraints: { default: true } },
		],
	},
	{
		id: 'kirin_image',
		name: 'Kirin Image',
		type: 'image',
		description: 'Images from text',
		inputs: ['text'],
		outputs: ['image'],
		makes: 'png',
		parameters: [
			prompt(2500),
			{ name: 'n', type: 'number', constraints: { min: 1, max: 9, default: 1 } },
			{ name: 'aspect_ratio', type: 'string', constraints: { enum: ['16:9', '1:1', '2:3'] } },
		],
	},
	{
		id: 'qwen_image_edit_plus',
		name: 'Qwen Image Edit Plus',
		type: 'image',
		description: 'Edits up to three images',
		inputs: ['text', 'image'],
		outputs: ['image'],
		makes: 'png',
		parameters: [
			{ name: 'images', type: 'array', required: true, constraints: { max_items: 3 } },
			prompt(800),
			{ name: 'watermark', type: 'boolean' },
		],
	},
	{
		id: 'wan27_image_pro',
		name: 'Wan 2.7 Image Pro',
		type: 'image',
		description: 'Images with a palette of colors',
		inputs: ['text', 'image'],
		outputs: ['image'],
		makes: 'png',
		parameters: [
			prompt(5000),
			{
				name: 'color_palette',
				type: 'array[object]',
				children: [
					{ name: 'hex', type: 'string', required: true },
					{ name: 'ratio', type: 'number', constraints: { min: 0, max: 1 } },
				],
			},
			{ name: 'enable_sequential', type: 'boolean', constraints: { default: false } },
			{
				name: 'n',
				type: 'integer',
				description: 'How many; only with enable_sequential',
				constraints: { min: 1, max: 12 },
			},
		],
	},
	{
		id: 'gpt_image_1_5_edit',
		name: 'GPT Image 1.5 Edit',
		type: 'image',
		description: 'Edits images, and says what it did',
		inputs: ['text', 'image'],
		outputs: ['text', 'image'],
		makes: 'png',
		parameters: [
			{ name: 'image', type: 'array[string]', required: true },
			prompt(32_000),
			{ name: 'quality', type: 'string', constraints: { enum: ['low', 'medium', 'high'] } },
			{ name: 'output_compression', type: 'int', constraints: { min: 0, max: 100 } },
		],
	},
	{
		id: 'kirin_text_to_audio',
		name: 'Kirin Text to Audio',
		type: 'audio',
		description: 'Sound from text',
		inputs: ['text'],
		outputs: ['audio'],
		makes: 'mp3',
		parameters: [
			prompt(200),
			{ name: 'duration', type: 'float', required: true, constraints: { min: 3, max: 10 } },
			{ name: 'voice', type: 'voice_preset', description: 'Of a kind that nobody has met' },
		],
	},
	{
		id: 'vidu_subtitles',
		name: 'Vidu Subtitles',
		type: 'audio',
		description: 'Text from a video',
		inputs: ['video'],
		outputs: ['text'],
		makes: 'txt',
		parameters: [
			{ name: 'video_url', type: 'string', required: true },
			{ name: 'language', type: 'string', constraints: { enum: ['en', 'zh'], default: 'en' } },
		],
	},
];

export const describedModel = (id: string): DescribedModel | undefined =>
	DESCRIBED_MODELS.find((model) => model.id === id);
