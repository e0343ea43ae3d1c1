/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import packageJson from '../package.json';
import { MODELS } from '../nodes/Vtrix/models';

const ROOT = path.join(__dirname, '..');

interface Source {
	/** Relative to the project's folder, with forward slashes. */
	file: string;
	tree: ts.SourceFile;
	/** What it imports: packages by name, own files by their path from the project's folder. */
	imports: string[];
}

function readSource(file: string): Source {
	const text = readFileSync(path.join(ROOT, file), 'utf8');
	const imports = ts
		.preProcessFile(text)
		.importedFiles.map(({ fileName }) =>
			fileName.startsWith('.') ? path.posix.join(path.posix.dirname(file), fileName) : fileName,
		);
	const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
	return { file, tree, imports };
}

const sourcesIn = (folder: string): Source[] =>
	readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => readSource(path.posix.join(folder, name.split(path.sep).join('/'))));

/** Everything that runs inside n8n. */
const ALL = [...sourcesIn('nodes'), ...sourcesIn('credentials')];
const CORE = ALL.filter(({ file }) => file.startsWith('nodes/Vtrix/core/'));
const DECLARATIONS = ALL.filter(({ file }) => file.startsWith('nodes/Vtrix/models/'));
const OUTSIDE_MODELS = ALL.filter((source) => !DECLARATIONS.includes(source));

/** The package that an import names, also where it names a file inside. */
const packageOf = (name: string): string => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;

/** Every node of a file's syntax tree. */
function walk(node: ts.Node, visit: (inner: ts.Node) => void): void {
	visit(node);
	node.forEachChild((child) => walk(child, visit));
}

/** Where something stands, as an editor opens it. */
const place = ({ file, tree }: Source, node: ts.Node): string =>
	`${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText()}`;

/** Places in these files that are as described. */
const placesWhere = (sources: Source[], described: (node: ts.Node) => boolean): string[] =>
	sources.flatMap((source) => {
		const found: string[] = [];
		walk(source.tree, (node) => {
			if (described(node)) found.push(place(source, node));
		});
		return found;
	});

test('the rooms are there', () => {
	expect(CORE.length).toBeGreaterThan(10);
	expect(DECLARATIONS.length).toBeGreaterThan(6);
});

describe('core/ and models/', () => {
	test('know nothing of n8n', () => {
		const known = [...CORE, ...DECLARATIONS].flatMap(({ file, imports }) =>
			imports
				.filter((name) => /n8n/.test(name) || name.startsWith('nodes/Vtrix/Vtrix.node'))
				.map((name) => `${file} imports ${name}`),
		);
		expect(known).toEqual([]);
	});
});

/**
 * The folders from the roof down: each may import those on the floors below, and none beside it. The
 * data flows one way, and so do the imports.
 */
const FLOORS: ReadonlyArray<readonly string[]> = [
	['nodes/Vtrix', 'credentials'],
	['nodes/Vtrix/n8n/operations'],
	['nodes/Vtrix/n8n/connection'],
	['nodes/Vtrix/n8n/input', 'nodes/Vtrix/n8n/output'],
	['nodes/Vtrix/n8n/form'],
	['nodes/Vtrix/models', 'nodes/Vtrix/core/pipeline'],
	['nodes/Vtrix/models/families'],
	[
		'nodes/Vtrix/core/request',
		'nodes/Vtrix/core/polling',
		'nodes/Vtrix/core/download',
		'nodes/Vtrix/core/description',
	],
	['nodes/Vtrix/core/definition', 'nodes/Vtrix/core/exchange'],
	['nodes/Vtrix/core/exchange/answers', 'nodes/Vtrix/core/exchange/throttling'],
	['nodes/Vtrix/core/exchange/http'],
	['nodes/Vtrix/core/imageFile'],
	['nodes/Vtrix/core/imageFile/formats'],
	['nodes/Vtrix/core/shared'],
];

/** The file of the project that an import names. */
const resolve = (name: string): string | undefined =>
	[`${name}.ts`, `${name}/index.ts`].find((file) => ALL.some((source) => source.file === file));

describe('the folders', () => {
	const folderOf = (file: string): string => path.posix.dirname(file);
	const floorOf = (folder: string): number =>
		FLOORS.findIndex((folders) => folders.includes(folder));

	test('have a floor each', () => {
		const folders = [...new Set(ALL.map(({ file }) => folderOf(file)))].sort();
		expect(FLOORS.flat().sort()).toEqual(folders);
	});

	test('import one way only', () => {
		const against = ALL.flatMap(({ file, imports }) =>
			imports
				.flatMap((name) => resolve(name) ?? [])
				.filter((to) => {
					const [from, into] = [folderOf(file), folderOf(to)];
					return from !== into && floorOf(from) >= floorOf(into);
				})
				.map((to) => `${file} imports ${to}`),
		);
		expect(against).toEqual([]);
	});
});

describe('the files', () => {
	test('hold no circle of imports', () => {
		const importsOf = new Map(ALL.map(({ file, imports }) => [file, imports]));
		const done = new Set<string>();
		const circles: string[] = [];
		const visit = (file: string, way: readonly string[]): void => {
			if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '));
			if (done.has(file) || way.includes(file)) return;
			for (const name of importsOf.get(file) ?? []) {
				const next = resolve(name);
				if (next) visit(next, [...way, file]);
			}
			done.add(file);
		};
		for (const { file } of ALL) visit(file, []);
		expect(circles).toEqual([]);
	});
});

const COMPARING = new Set([
	ts.SyntaxKind.EqualsEqualsToken,
	ts.SyntaxKind.EqualsEqualsEqualsToken,
	ts.SyntaxKind.ExclamationEqualsToken,
	ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

describe('outside models/', () => {
	const names = MODELS.filter(({ id }) => id !== 'custom').flatMap(({ id, displayName }) => [
		id,
		displayName,
	]);

	test('no model is named', () => {
		const named = placesWhere(
			OUTSIDE_MODELS,
			(node) => ts.isStringLiteralLike(node) && names.some((name) => node.text.includes(name)),
		);
		expect(named).toEqual([]);
	});

	test('nothing is decided by which model it is', () => {
		const isModel = (node: ts.Node) =>
			/^([\w.]+\.)?model(Id|\.id)?$/i.test(node.getText().replace(/[?!]/g, ''));
		const decided = placesWhere(
			OUTSIDE_MODELS,
			(node) =>
				(ts.isBinaryExpression(node) &&
					COMPARING.has(node.operatorToken.kind) &&
					[node.left, node.right].some(isModel) &&
					[node.left, node.right].some((side) => ts.isStringLiteralLike(side))) ||
				(ts.isSwitchStatement(node) && isModel(node.expression)),
		);
		expect(decided).toEqual([]);
	});
});

describe('outside n8n/operations/', () => {
	test('nothing is decided by resource or operation', () => {
		const decided = placesWhere(
			ALL.filter(({ file }) => !file.startsWith('nodes/Vtrix/n8n/operations/')),
			(node) =>
				ts.isBinaryExpression(node) &&
				COMPARING.has(node.operatorToken.kind) &&
				[node.left, node.right].some((side) => /\b(resource|operation)$/.test(side.getText())),
		);
		expect(decided).toEqual([]);
	});
});

describe('functions', () => {
	test('with more than four parameters take an object', () => {
		const long = placesWhere(
			ALL,
			(node) => ts.isFunctionLike(node) && node.parameters.length > 4,
		).map((found) => found.split('\n')[0]);
		expect(long).toEqual([]);
	});
});

describe('what runs inside n8n', () => {
	test('imports n8n, and what is bundled at build, and nothing of Node.js but crypto', () => {
		const allowed = ['n8n-workflow', 'crypto', ...Object.keys(packageJson.devDependencies)];
		const foreign = ALL.flatMap(({ file, imports }) =>
			imports
				.filter((name) => !name.startsWith('nodes/') && !allowed.includes(packageOf(name)))
				.map((name) => `${file} imports ${name}`),
		);
		expect(foreign).toEqual([]);
	});

	test('uses no timer, no process and no file system', () => {
		const forbidden = new Set([
			'process',
			'global',
			'globalThis',
			'require',
			'eval',
			'__dirname',
			'__filename',
			'setTimeout',
			'setInterval',
			'setImmediate',
			'clearTimeout',
			'clearInterval',
			'clearImmediate',
			'console',
		]);
		const isNameOfMember = (node: ts.Identifier, { parent } = node) =>
			(ts.isPropertyAccessExpression(parent) && parent.name === node) ||
			(ts.isPropertyAssignment(parent) && parent.name === node) ||
			(ts.isPropertySignature(parent) && parent.name === node);
		const used = placesWhere(
			ALL,
			(node) => ts.isIdentifier(node) && forbidden.has(node.text) && !isNameOfMember(node),
		);
		expect(used).toEqual([]);
	});
});
