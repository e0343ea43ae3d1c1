/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import path from 'node:path';
import { VtrixApi } from '../../credentials/VtrixApi.credentials';
import codex from '../../nodes/Vtrix/Vtrix.node.json';
import manifest from '../../package.json';
import { renderReadme } from './renderReadme';

const ROOT = path.join(__dirname, '..', '..');
const documents = fs
	.readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.md') && !/(^|\/)(node_modules|dist)\//.test(file));

const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string) =>
	heading
		.trim()
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');

test("the README's tables follow from the models' declarations", () => {
	const readme = read('README.md');
	expect(renderReadme(readme)).toBe(readme);
});

test.each(documents)('every link of %s leads somewhere', (document) => {
	const text = read(document);
	const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading));
	const links = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/src="([^"]+)"/g)];
	for (const [, link] of links) {
		if (/^(https?|mailto):/.test(link)) continue;
		const [file, anchor] = link.split('#');
		if (file) expect(fs.existsSync(path.join(ROOT, path.dirname(document), file))).toBe(true);
		else expect(anchors).toContain(anchor);
	}
});

test('the address of the repository is the one in package.json wherever it has to stand', () => {
	const base = manifest.homepage.replace(/#.*/, '');
	const { credentialDocumentation, primaryDocumentation } = codex.resources;
	const addresses = [
		new VtrixApi().documentationUrl,
		...[...credentialDocumentation, ...primaryDocumentation].map(({ url }) => url),
		manifest.bugs.url,
		manifest.repository.url.replace(/^git\+/, ''),
	];
	for (const address of addresses) expect(address.startsWith(base)).toBe(true);
});
