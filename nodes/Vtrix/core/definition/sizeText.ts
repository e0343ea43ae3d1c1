import { readDimensions } from './dimensions';
import { SIZE_LABEL, type Size } from './size';
import { areaInWords, checkBounds, ratioInWords, sideWithin, type SizeBounds } from './sizeBounds';
import { presetOption, type Preset } from './sizePresets';

/** A size sent as one text: `WIDTHxHEIGHT` within bounds of area and ratio, or a keyword like `2K`. */
export function sizeText({
	keywords,
	area,
	ratio,
	default: fallback,
	presets,
}: Required<SizeBounds> & {
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
					label: SIZE_LABEL,
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
