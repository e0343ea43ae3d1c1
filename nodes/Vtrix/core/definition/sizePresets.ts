import type { Choice } from './parameter';

/** A documented size, named by the ratio people know it by. */
export interface Preset {
	ratio: string;
	width: number;
	height: number;
	/** The resolution class it belongs to, where a model has several: `2K`, `3K`. */
	resolution?: string;
}

/** A preset as an entry of the dropdown: `2K Landscape 16:9 (2560 × 1440)` */
export const presetOption = ({ ratio, width, height, resolution }: Preset): Choice => ({
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
