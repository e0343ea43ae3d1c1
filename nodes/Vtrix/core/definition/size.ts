import type { Issue } from '../shared/issues';
import type { Choice } from './parameter';

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

/** Label of the field, in the editor and in messages. */
export const SIZE_LABEL = 'Size';
