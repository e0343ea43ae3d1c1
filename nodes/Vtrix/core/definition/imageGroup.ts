import type { Issue } from '../shared/issues';
import type { Parameter } from './parameter';
import { setPath, getPath } from '../shared/objectPath';

type Parameters = Readonly<Record<string, Parameter>>;

/** The images that a request may return, where a model can make several. */
export interface ImageGroup {
	maxTotal: number;
	limitedBy: string;
	/** API name of the parameter, and its value, that switch groups on. */
	enabledBy: { parameter: string; value: string };
}

function choiceInWords(
	{ parameter: name, value }: ImageGroup['enabledBy'],
	parameters: Parameters,
): string {
	const { displayName = name, field } = parameters[name] ?? {};
	const options = field?.kind === 'choice' ? field.options : [];
	const shown = options.find((option) => option.value === value)?.name ?? value;
	return `'${displayName}' is '${shown}'`;
}

/** What limits the images of a group: its parameter, where that is sent, and what it is set to. */
function limitOf(
	{ limitedBy }: ImageGroup,
	parameters: Parameters,
	params: Record<string, unknown>,
) {
	const parameter = parameters[limitedBy];
	const path = (parameter?.path ?? ['params', limitedBy]).slice(1);
	return { parameter, path, asked: getPath(params, path) };
}

/**
 * References and generated images share a limit: a number that the user set must fit, the API's
 * default shrinks. The number counts only while groups are on, but a wrong one is rejected anyway.
 */
export function fitGroup(
	group: ImageGroup,
	parameters: Parameters,
	params: Record<string, unknown>,
	references: number,
): { issues: Issue[]; warnings: string[] } {
	const { maxTotal, limitedBy, enabledBy } = group;
	const { parameter, path, asked } = limitOf(group, parameters, params);
	const label = parameter?.displayName ?? limitedBy;
	const room = maxTotal - references;
	const on = params[enabledBy.parameter] === enabledBy.value;
	if (typeof asked !== 'number') {
		const fallback = parameter?.default;
		if (on && typeof fallback === 'number' && fallback > room) setPath(params, path, room);
		return { issues: [], warnings: [] };
	}
	const noEffect = `'${label}' has no effect unless ${choiceInWords(enabledBy, parameters)}: one image is made.`;
	const warnings = on ? [] : [noEffect];
	// Too many reference images are an issue of their own, which comes first.
	if (asked <= room || room <= 0) return { issues: [], warnings };
	const message = `is too high together with ${references} input ${references === 1 ? 'image' : 'images'}. Both together may be at most ${maxTotal}, so use ${room} or less.`;
	return { issues: [{ label, value: asked, message }], warnings };
}

/** The most images that a request may return. */
export function mostImages(
	group: ImageGroup | undefined,
	parameters: Parameters,
	params: Record<string, unknown>,
): number {
	if (!group || params[group.enabledBy.parameter] !== group.enabledBy.value) return 1;
	const { parameter, asked } = limitOf(group, parameters, params);
	return typeof asked === 'number' ? asked : Number(parameter?.default ?? group.maxTotal);
}
