/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import path from 'node:path';
import { renderSections, WRITTEN_DOCUMENTS } from './renderSections';

for (const document of WRITTEN_DOCUMENTS) {
	const file = path.join(__dirname, '..', '..', document);
	fs.writeFileSync(file, renderSections(fs.readFileSync(file, 'utf8')));
}
