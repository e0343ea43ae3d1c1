import { limitsAsMarkdown } from './limitsTable';
import { errorCodesAsMarkdown, modelsAsMarkdown, parametersAsMarkdown } from './modelTables';
import { MODELS } from '../../nodes/Vtrix/models';

/** What stands between `<!-- name -->` and `<!-- /name -->` in the README. */
const SECTIONS: Record<string, () => string> = {
	models: () => modelsAsMarkdown(MODELS),
	parameters: () => parametersAsMarkdown(MODELS),
	limits: () => limitsAsMarkdown(MODELS),
	'error-codes': () => errorCodesAsMarkdown(MODELS),
};

// Prettier would pad every cell of a column to the longest one.
const unformatted = (tables: string): string =>
	`<!-- prettier-ignore-start -->\n\n${tables}\n\n<!-- prettier-ignore-end -->`;

/** The README with the parts that follow from the models' declarations written anew. */
export const renderReadme = (readme: string): string =>
	Object.entries(SECTIONS).reduce((text, [name, render]) => {
		const section = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
		if (!section.test(text)) throw new Error(`The README has no section '${name}'`);
		return text.replace(
			section,
			(_, open: string, close: string) => `${open}\n${unformatted(render())}\n\n${close}`,
		);
	}, readme);
