import { OPTIONS, type AnyOption } from '../../nodes/Vtrix/n8n/form/options';
import { markdownTable } from './markdownTable';

const shown = (value: unknown): string =>
	value === true ? 'on' : value === false ? 'off' : value === '' ? '' : `\`${String(value)}\``;

/** What an option starts with, where creating a task and reading one may differ. */
function defaults({ parameter, defaultIn }: AnyOption): string {
	if (!defaultIn) return shown(parameter.default);
	const [creating, reading, asTool] = [
		{ creates: true },
		{ creates: false },
		{ creates: true, asTool: true },
	].map((scope) => shown(defaultIn(scope)));
	return [
		creating,
		...(reading === creating ? [] : [`for Task › Get ${reading}`]),
		...(asTool === creating ? [] : [`as an agent's tool ${asTool}`]),
	].join(', ');
}

/** The node's own options, by their labels. */
export const optionsAsMarkdown = (): string =>
	markdownTable(
		['Option', 'Default', 'What it does'],
		Object.values<AnyOption>(OPTIONS)
			.map((option) => [
				option.parameter.displayName,
				defaults(option),
				option.parameter.description,
			])
			.sort(([a = ''], [b = '']) => a.localeCompare(b, 'en')),
	);
