/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const ROOT = path.join(__dirname, '..');

const packageJson = z
	.object({
		name: z.string(),
		dependencies: z.record(z.string(), z.string()).optional(),
		peerDependencies: z.record(z.string(), z.string()),
		devDependencies: z.record(z.string(), z.string()),
		optionalDependencies: z.record(z.string(), z.string()).optional(),
		overrides: z.unknown(),
		scripts: z.record(z.string(), z.string()),
		n8n: z.object({
			strict: z.literal(true),
			credentials: z.array(z.string()),
			nodes: z.array(z.string()),
		}),
	})
	.parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));

test('the package needs no other package than n8n itself', () => {
	expect(packageJson.name).toBe('n8n-nodes-vtrix');
	expect(packageJson.dependencies ?? {}).toEqual({});
	expect(packageJson.optionalDependencies ?? {}).toEqual({});
	expect(packageJson.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	expect(packageJson.overrides).toBeUndefined();
});

test('the package runs no script when it is installed', () => {
	expect(packageJson.scripts).not.toHaveProperty('preinstall');
	expect(packageJson.scripts).not.toHaveProperty('install');
	expect(packageJson.scripts).not.toHaveProperty('postinstall');
	expect(packageJson.scripts).not.toHaveProperty('prepare');
});

test('the node is announced to n8n under the names that exist', () => {
	const { nodes, credentials } = packageJson.n8n;
	expect(nodes).toEqual(['dist/nodes/Vtrix/Vtrix.node.js']);
	expect(credentials).toEqual(['dist/credentials/VtrixApi.credentials.js']);
	for (const built of [...nodes, ...credentials]) {
		const source = built.replace(/^dist\//, '').replace(/js$/, 'ts');
		expect(existsSync(path.join(ROOT, source))).toBe(true);
	}
});

test('the published package holds what n8n needs and nothing else', () => {
	const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: ROOT,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
		shell: process.platform === 'win32',
	});
	const [{ files }] = z
		.array(z.object({ files: z.array(z.object({ path: z.string() })) }))
		.nonempty()
		.parse(JSON.parse(listing));
	const needed =
		/^(index\.js|package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/(nodes|credentials)\/.+\.(js|svg|node\.json)|dist\/nodes\/Vtrix\/__schema__\/v1\.0\.0\/\w+\/\w+\.json)$/;
	const published = files.map((file) => file.path);
	expect(published).toEqual(
		expect.arrayContaining(['index.js', 'package.json', 'README.md', 'LICENSE']),
	);
	expect(published.filter((file) => !needed.test(file))).toEqual([]);
});

describe('the bundled node', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'vtrix-bundle-'));
	const { bundleInto } = jest.requireActual<{ bundleInto: (outdir: string) => Promise<void> }>(
		'../gulpfile',
	);
	let bundled: string;
	beforeAll(async () => {
		await bundleInto(folder);
		bundled = readFileSync(path.join(folder, 'nodes/Vtrix/Vtrix.node.js'), 'utf8');
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	test('brings the licence of each library along', () => {
		const libraries = [...bundled.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)/gm)];
		const names = new Set(libraries.map(([, name]) => name));
		expect([...names]).toEqual(expect.arrayContaining(['p-limit', 'probe-image-size']));
		for (const name of names) {
			const file = ['LICENSE', 'license', 'LICENSE.md'].find((candidate) =>
				existsSync(path.join(ROOT, 'node_modules', name, candidate)),
			);
			const licence = readFileSync(path.join(ROOT, 'node_modules', name, file ?? ''), 'utf8');
			expect(bundled).toContain(licence.trim());
		}
	});

	test('holds the readers of six image formats, and nothing that uses the network', () => {
		const files = [...bundled.matchAll(/^\/\/ node_modules\/probe-image-size\/(.+)$/gm)];
		expect(files.map(([, file]) => path.basename(file, '.js')).sort()).toEqual([
			'bmp',
			'exif_orientation_parser',
			'gif',
			'jpeg',
			'png',
			'read_le_be',
			'tiff',
			'utils',
			'webp',
		]);
		expect(bundled).not.toMatch(/node_modules\/(needle|lodash)/);
	});
});
