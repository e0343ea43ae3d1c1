import { MODELS } from '../../nodes/Vtrix/models';
import { limitsAsMarkdown } from './limitsTable';
import {
	errorCodesAsMarkdown,
	modelsAsMarkdown,
	modelsInFullAsMarkdown,
	parametersAsMarkdown,
} from './modelTables';
import { optionsAsMarkdown } from './optionsTable';
import { outputAsMarkdown } from './outputTable';

/** The documents with parts that follow from the declarations of models and options. */
export const WRITTEN_DOCUMENTS = ['README.md', 'docs/reference.md'] as const;

/** What stands between `<!-- name -->` and `<!-- /name -->` in one of the documents. */
const SECTIONS: Record<string, () => string> = {
	models: () => modelsAsMarkdown(MODELS),
	'models-in-full': () => modelsInFullAsMarkdown(MODELS),
	parameters: () => parametersAsMarkdown(MODELS),
	options: optionsAsMarkdown,
	output: outputAsMarkdown,
	limits: () => limitsAsMarkdown(MODELS),
	'error-codes': () => errorCodesAsMarkdown(MODELS),
};

export const SECTION_NAMES = Object.keys(SECTIONS);

/** The names of a document's written sections. */
export const sectionsOf = (document: string): string[] =>
	[...document.matchAll(/^<!-- \/([\w-]+) -->$/gm)].map(([, name = '']) => name);

// Prettier would pad every cell of a column to the longest one.
const unformatted = (tables: string): string =>
	`<!-- prettier-ignore-start -->\n\n${tables}\n\n<!-- prettier-ignore-end -->`;

/** A document with the sections that follow from declarations written anew. */
export const renderSections = (document: string): string =>
	sectionsOf(document).reduce((text, name) => {
		const render = SECTIONS[name];
		if (!render) throw new Error(`Nothing writes a section '${name}'`);
		const section = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
		if (!section.test(text)) throw new Error(`The section '${name}' has an end and no beginning`);
		return text.replace(
			section,
			(_, open: string, close: string) => `${open}\n${unformatted(render())}\n\n${close}`,
		);
	}, document);
