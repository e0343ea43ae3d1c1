/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { execFileSync } from 'node:child_process';
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
	const links = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/src(?:set)?="([^"]+)"/g)];
	for (const [, link] of links) {
		if (/^(https?|mailto):/.test(link)) continue;
		const [file, anchor] = link.split('#');
		if (file) expect(fs.existsSync(path.join(ROOT, path.dirname(document), file))).toBe(true);
		else expect(anchors).toContain(anchor);
	}
});

test("what n8n's Docs links name in the README is there", () => {
	const { credentialDocumentation, primaryDocumentation } = codex.resources;
	const links = [...credentialDocumentation, ...primaryDocumentation].map(({ url }) => url);
	links.push(new VtrixApi().documentationUrl.replace(manifest.homepage.replace(/#.*/, ''), ''));
	const headings = [...read('README.md').matchAll(/^#+ (.+)$/gm)];
	const anchors = ['#readme', ...headings.map(([, heading]) => `#${anchorOf(heading)}`)];
	for (const link of links) expect(anchors).toContain(link);
});

// n8n's lint rules want the credential's link written out, so it is the one exception.
test('the address of the repository stands in package.json, and nowhere else unless n8n wants it', () => {
	const address = manifest.homepage.replace(/#.*/, '');
	const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' });
	const named = tracked
		.split('\n')
		.filter((file) => /\.(ts|js|json|md|ya?ml)$/.test(file) && fs.existsSync(path.join(ROOT, file)))
		.filter((file) => read(file).includes(address));
	expect(named.sort()).toEqual(['credentials/VtrixApi.credentials.ts', 'package.json']);
	expect(new VtrixApi().documentationUrl).toBe(`${address}#get-a-key`);
	for (const { url } of [manifest.bugs, manifest.repository]) expect(url).toContain(address);
});
