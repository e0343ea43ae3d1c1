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
import {
	renderSections,
	SECTION_NAMES,
	sectionsOf,
	WRITTEN_DOCUMENTS,
} from '../../tools/docs/renderSections';

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

const anchorsIn = (document: string) =>
	[...read(document).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading));

describe('what follows from the declarations', () => {
	test.each(WRITTEN_DOCUMENTS)('is up to date in %s', (document) => {
		const text = read(document);
		expect(renderSections(text)).toBe(text);
	});

	test('stands in one document each', () => {
		const sections = WRITTEN_DOCUMENTS.flatMap((document) => sectionsOf(read(document)));
		expect(sections.sort()).toEqual([...SECTION_NAMES].sort());
	});
});

test('the README is read in five minutes', () => {
	const words = read('README.md').split(/\s+/);
	expect(words.length).toBeLessThan(2500);
});

describe('of what the documents tell in their own words', () => {
	// where the lines break does not matter
	const told = (document: string) => read(document).replace(/\s+/g, ' ');
	const options = innerFields(
		shownField(new Vtrix(), { resource: 'task', operation: 'get' }, 'options'),
	);
	const defaultOf = (name: string) =>
		Number(options.find((option) => option.name === name)?.default);

	test('the defaults are those of the node', () => {
		expect(told('README.md')).toContain(
			`**Timeout** (${defaultOf('timeout') / 60} minutes unless you change it)`,
		);
		const running = told('docs/running.md');
		expect(running).toContain(
			`(**Max Concurrent Tasks** at its default of ${defaultOf('maxConcurrency')})`,
		);
	});

	test('the time for which links work is the documented one', () => {
		const times = documents.flatMap((document) =>
			[...told(document).matchAll(/(\d+) hours/g)].map(([, hours]) => Number(hours)),
		);
		expect(times.length).toBeGreaterThan(2);
		expect([...new Set(times)]).toEqual([LINK_HOURS]);
	});

	test('the versions of n8n are those that are tested', () => {
		const [newest, ...others] = TESTED_VERSIONS;
		expect(told('README.md')).toContain(`tested on n8n ${newest}, ${others.join(' and ')},`);
		expect(told('CONTRIBUTING.md')).toContain(`\`${TESTED_VERSIONS.join(',')}\``);
	});
});

test.each(['test', 'tools'])('every folder of %s/ is explained', (parent) => {
	const text = read('test/README.md');
	const folders = fs
		.readdirSync(path.join(ROOT, parent), { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => name);
	expect(folders.filter((name) => !text.includes(`\`${name}/\``))).toEqual([]);
});

test.each(documents)('every link of %s leads somewhere', (document) => {
	const text = read(document);
	const links = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/src(?:set)?="([^"]+)"/g)];
	const dead = links
		.map(([, link]) => link)
		.filter((link) => !/^(https?|mailto):/.test(link))
		.filter((link) => {
			const [to, anchor] = link.split('#');
			const file = to ? path.join(path.dirname(document), to) : document;
			if (!fs.existsSync(path.join(ROOT, file))) return true;
			return anchor !== undefined && !anchorsIn(file).includes(anchor);
		});
	expect(dead).toEqual([]);
});

test.each(documents)(
	'%s names only files and folders of the project that are there',
	(document) => {
		const named = [...read(document).matchAll(/`((?:nodes|test|tools|docs|examples)\/[^`\s]*)`/g)]
			.map(([, file]) => file)
			.filter((file) => !/[<*{]/.test(file));
		expect(named.filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
	},
);

test("what n8n's Docs links name in the README is there", () => {
	const { credentialDocumentation, primaryDocumentation } = codex.resources;
	const links = [...credentialDocumentation, ...primaryDocumentation].map(({ url }) => url);
	links.push(new VtrixApi().documentationUrl.replace(manifest.homepage.replace(/#.*/, ''), ''));
	const anchors = ['#readme', ...anchorsIn('README.md').map((anchor) => `#${anchor}`)];
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
