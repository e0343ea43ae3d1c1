import type { Issue } from '../shared/issues';
import { isUnset } from './parameter';
import { integer } from './parameters';
import { CUSTOM_SIZE, DEFAULT_SIZE, type SizeValues } from './size';

const DIMENSIONS = /^(\d+)\s*[x×*]\s*(\d+)$/i;

/** A width and a height of one's own, pixels; one that is left empty is missing. */
export interface Dimensions {
	width?: number;
	height?: number;
}

/** Reads the dropdown and its two number fields; `undefined` dimensions are unset ones. */
export function readDimensions(
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
