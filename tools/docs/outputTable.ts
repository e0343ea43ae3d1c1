import {
	FURTHER_IMAGE_FIELDS,
	IMAGE_FIELDS,
	TEXT_FIELDS,
} from '../../nodes/Vtrix/n8n/output/outputFields';
import { markdownTable } from './markdownTable';

/** The JSON of an image's item, field by field. */
export const outputAsMarkdown = (): string =>
	markdownTable(
		['Field', 'Type', 'What is in it'],
		Object.entries({ ...IMAGE_FIELDS, ...TEXT_FIELDS, ...FURTHER_IMAGE_FIELDS }).map(
			([name, { type, description }]) => [`\`${name}\``, type, description],
		),
	);
