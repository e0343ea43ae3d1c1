import { readDimensions } from './dimensions';
import { SIZE_LABEL, type Size } from './size';
import { areaInWords, checkBounds, ratioInWords, sideWithin, type SizeBounds } from './sizeBounds';
import { presetOption, type Preset } from './sizePresets';

/** Sizes that the API accepts, but that seldom give what one wants. */
export interface DiscouragedSizes {
	includes: (width: number, height: number) => boolean;
	/** `both sides under 600 pixels` */
	inWords: string;
	/** What happens then and what to do, as sentences behind "With both sides under 600 pixels". */
	because: string;
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
}: SizeBounds & {
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
							label: SIZE_LABEL,
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
