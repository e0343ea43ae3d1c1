/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { VtrixApi } from '../../credentials/VtrixApi.credentials';
import codex from '../../nodes/Vtrix/Vtrix.node.json';
import { LINK_HOURS } from '../../nodes/Vtrix/core/shared/linkLifetime';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import manifest from '../../package.json';
import { innerFields, shownField } from '../models/shownFields';
import { TESTED_VERSIONS } from '../real-n8n/versions';
import { renderReadme } from '../../tools/docs/renderReadme';

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

describe('of what the README tells in its own words', () => {
	// where the lines break does not matter
	const text = read('README.md').replace(/\s+/g, ' ');
	const options = innerFields(
		shownField(new Vtrix(), { resource: 'task', operation: 'get' }, 'options'),
	);
	const defaultOf = (name: string) =>
		Number(options.find((option) => option.name === name)?.default);

	test('the defaults are those of the node', () => {
		expect(text).toContain(
			`(**Max Concurrent Tasks** at its default of ${defaultOf('maxConcurrency')})`,
		);
		expect(text).toContain(
			`**Timeout** (${defaultOf('timeout') / 60} minutes unless you change it)`,
		);
	});

	test('the time for which links work is the documented one', () => {
		const times = [...text.matchAll(/(\d+) hours/g)].map(([, hours]) => Number(hours));
		expect(times.length).toBeGreaterThan(2);
		expect([...new Set(times)]).toEqual([LINK_HOURS]);
	});

	test('the versions of n8n are those that are tested', () => {
		const [newest, ...others] = TESTED_VERSIONS;
		expect(text).toContain(`tested on n8n ${newest}, ${others.join(' and ')}.`);
		expect(text).toContain(`\`${TESTED_VERSIONS.join(',')}\``);
	});
});

test('every folder of test/ is explained in its README', () => {
	const text = read('test/README.md');
	const folders = fs
		.readdirSync(path.join(ROOT, 'test'), { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => name);
	expect(folders.filter((name) => !text.includes(`\`${name}/\``))).toEqual([]);
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
