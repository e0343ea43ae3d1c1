import { formatNumber, formatRatio } from '../format';
import type { Issue } from '../issues';
import { integer, isUnset, type Choice } from './parameters';

/** A documented size, named by the ratio people know it by. */
export interface Preset {
	ratio: string;
	width: number;
	height: number;
	/** The resolution class it belongs to, where a model has several: `2K`, `3K`. */
	resolution?: string;
}

/** What the user chose: the `size` field, and `width` and `height` when it is "custom". */
export interface SizeValues {
	size: unknown;
	width: unknown;
	height: unknown;
}

/** A model's output size: what the editor offers, what is accepted, what is sent. */
export interface Size {
	/** The dropdown's entries after "Default" and before "Custom". */
	options: readonly Choice[];
	default: { width: number; height: number };
	/** Range of one side in pixels, for the editor's number fields. */
	side: { min: number; max?: number };
	/** The limits in words, for the documentation. */
	limits: string;
	/** Sizes that are accepted with a warning, in words, for the documentation. */
	discouraged?: string;
	/** The API's names of what is sent. */
	sends: readonly string[];
	/** The values to send (unset ones left out), every limit that they break, and warnings. */
	parse(values: SizeValues): {
		params: Record<string, unknown>;
		issues: Issue[];
		warnings: string[];
	};
}

/** Start value of the dropdown: nothing is sent, the API's default holds. */
export const DEFAULT_SIZE = 'default';
/** The dropdown's entry for a width and a height of one's own. */
export const CUSTOM_SIZE = 'custom';

const LABEL = 'Size';
const DIMENSIONS = /^(\d+)\s*[x×*]\s*(\d+)$/i;

const presetOption = ({ ratio, width, height, resolution }: Preset): Choice => ({
	value: `${width}x${height}`,
	name: `${resolution ? `${resolution} ` : ''}${shapeName(width, height)} ${ratio} (${width} × ${height})`,
});

const shapeName = (width: number, height: number): string =>
	width === height ? 'Square' : width > height ? 'Landscape' : 'Portrait';

/** The presets, each landscape one followed by its portrait counterpart. */
export const withPortraits = (presets: readonly Preset[]): Preset[] =>
	presets.flatMap((preset) =>
		preset.width === preset.height
			? [preset]
			: [
					preset,
					{
						...preset,
						ratio: preset.ratio.split(':').reverse().join(':'),
						width: preset.height,
						height: preset.width,
					},
				],
	);

/** Sizes that the API accepts, but that seldom give what one wants. */
export interface DiscouragedSizes {
	includes: (width: number, height: number) => boolean;
	/** `both sides under 600 pixels` */
	inWords: string;
	/** What happens then and what to do, as sentences behind "With both sides under 600 pixels". */
	because: string;
}

interface Dimensions {
	width?: number;
	height?: number;
}

/** What a size has to keep to as a whole. */
interface Bounds {
	/** Fewest and most pixels, width × height. */
	area?: { min?: number; max: number };
	/** Smallest and largest width / height; each the other's reciprocal. */
	ratio?: { min: number; max: number };
}

/** `262,144 to 4,194,304`, or `at most 4,194,304` */
const areaInWords = ({ min, max }: NonNullable<Bounds['area']>): string =>
	min === undefined
		? `at most ${formatNumber(max)}`
		: `${formatNumber(min)} to ${formatNumber(max)}`;

const ratioInWords = ({ min, max }: NonNullable<Bounds['ratio']>): string =>
	`a ratio of ${formatRatio(min)} to ${formatRatio(max)}`;

/** Every bound that a size breaks. */
function checkBounds(width: number, height: number, { area, ratio }: Bounds): Issue[] {
	const value = `${width}x${height}`;
	const pixels = width * height;
	const issues: Issue[] = [];
	if (area && (pixels < (area.min ?? 0) || pixels > area.max)) {
		issues.push({
			label: LABEL,
			value,
			message: `has too ${pixels > area.max ? 'many' : 'few'} pixels. Width × height must be ${areaInWords(area)}, this is ${formatNumber(pixels)}.`,
		});
	}
	if (ratio && (width / height < ratio.min || width / height > ratio.max)) {
		issues.push({
			label: LABEL,
			value,
			message: `is too ${width < height ? 'tall' : 'wide'}. One side may be at most ${ratio.max} times the other.`,
		});
	}
	return issues;
}

/** Reads the dropdown and its two number fields; `undefined` dimensions are unset ones. */
function readDimensions(
	{ size, width, height }: SizeValues,
	side: { min: number; max?: number },
): { dimensions?: Dimensions; keyword?: string; issues: Issue[] } {
	if (isUnset(size) || size === DEFAULT_SIZE) return { issues: [] };
	const written = typeof size === 'string' ? DIMENSIONS.exec(size.trim()) : null;
	if (size !== CUSTOM_SIZE && !written) {
		return { keyword: typeof size === 'string' ? size.trim() : String(size), issues: [] };
	}
	const issues: Issue[] = [];
	const read = (displayName: string, value: unknown): number | undefined => {
		if (isUnset(value)) return undefined;
		const parsed = integer({ displayName, description: '', ...side }).schema.safeParse(value);
		if (!parsed.success) {
			for (const { message } of parsed.error.issues) {
				issues.push({ label: displayName, value, message });
			}
			return undefined;
		}
		return Number(parsed.data);
	};
	const dimensions = {
		width: read('Width', written ? written[1] : width),
		height: read('Height', written ? written[2] : height),
	};
	return { dimensions, issues };
}

/** A size sent as two numbers, `width` and `height`, within bounds of each side or of both together. */
export function widthAndHeight({
	side,
	area,
	ratio,
	bothOrNeither = false,
	default: fallback,
	presets,
	discouraged,
}: Bounds & {
	/** Range of each side in pixels, where the API limits it. */
	side?: { min: number; max: number };
	/** Whether one of the two alone is refused. */
	bothOrNeither?: boolean;
	default: { width: number; height: number };
	presets: readonly Preset[];
	discouraged?: DiscouragedSizes;
}): Size {
	return {
		options: presets.map(presetOption),
		default: fallback,
		side: side ?? sideWithin({ area, ratio }),
		limits: [
			side ? `each side ${side.min} to ${side.max} pixels` : '',
			area ? `width × height ${areaInWords(area)}` : '',
			ratio ? ratioInWords(ratio) : '',
			bothOrNeither ? 'both or neither' : '',
		]
			.filter(Boolean)
			.join(', '),
		...(discouraged && { discouraged: discouraged.inWords }),
		sends: ['width', 'height'],
		parse(values) {
			const { dimensions, keyword, issues } = readDimensions(values, side ?? { min: 1 });
			if (keyword !== undefined) {
				return {
					params: {},
					issues: [
						{
							label: LABEL,
							value: keyword,
							message: `is not a size. Use for example ${fallback.width}x${fallback.height}.`,
						},
					],
					warnings: [],
				};
			}
			if (!dimensions || issues.length > 0) return { params: {}, issues, warnings: [] };
			const { width, height } = dimensions;
			const missing = width === undefined ? 'Width' : height === undefined ? 'Height' : undefined;
			if (missing && bothOrNeither && (width ?? height) !== undefined) {
				issues.push({
					label: missing,
					message: 'is empty. Enter both Width and Height, or choose another Size.',
				});
				return { params: {}, issues, warnings: [] };
			}
			const full = { width: width ?? fallback.width, height: height ?? fallback.height };
			issues.push(...checkBounds(full.width, full.height, { area, ratio }));
			return {
				params: {
					...(width !== undefined && { width }),
					...(height !== undefined && { height }),
				},
				issues,
				warnings:
					issues.length === 0 && !missing && discouraged?.includes(full.width, full.height)
						? [`With ${discouraged.inWords} ${discouraged.because}`]
						: [],
			};
		},
	};
}

/** The shortest and the longest side that bounds of area and ratio leave room for. */
const sideWithin = ({ area, ratio }: Bounds): Size['side'] => ({
	min: Math.max(1, Math.ceil(Math.sqrt((area?.min ?? 0) * (ratio?.min ?? 0)))),
	...(area && ratio && { max: Math.floor(Math.sqrt(area.max * ratio.max)) }),
});

/** A size sent as one text: `WIDTHxHEIGHT` within bounds of area and ratio, or a keyword like `2K`. */
export function sizeText({
	keywords,
	area,
	ratio,
	default: fallback,
	presets,
}: Required<Bounds> & {
	/** Resolutions within which the model picks the shape itself. */
	keywords: readonly string[];
	default: { width: number; height: number };
	presets: readonly Preset[];
}): Size {
	return {
		options: [
			...keywords.map((value) => ({
				value,
				name: `${value}, Model Decides the Shape`,
				description: 'Say in the prompt which shape or use you have in mind',
			})),
			...presets.map(presetOption),
		],
		default: fallback,
		side: sideWithin({ area, ratio }),
		limits: `${keywords.join(', ')}, or WIDTHxHEIGHT with ${areaInWords(area)} pixels and ${ratioInWords(ratio)}`,
		sends: ['size'],
		parse(values) {
			const { dimensions, keyword, issues } = readDimensions(values, { min: 1 });
			const sent = (size: string) => ({ params: { size }, issues, warnings: [] });
			if (keyword !== undefined) {
				const known = keywords.find((word) => word.toLowerCase() === keyword.toLowerCase());
				if (known) return sent(known);
				issues.push({
					label: LABEL,
					value: keyword,
					message: `is not a size of this model. Use ${keywords.join(', ')} or for example ${fallback.width}x${fallback.height}.`,
				});
			}
			if (!dimensions || issues.length > 0) return { params: {}, issues, warnings: [] };
			const { width, height } = dimensions;
			if (width === undefined || height === undefined) {
				if (width === height) return { params: {}, issues, warnings: [] };
				issues.push({
					label: width === undefined ? 'Width' : 'Height',
					message: 'is empty. Enter both Width and Height, or choose another Size.',
				});
				return { params: {}, issues, warnings: [] };
			}
			issues.push(...checkBounds(width, height, { area, ratio }));
			return sent(`${width}x${height}`);
		},
	};
}
