/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import manifest from '../../package.json';
import { attempt, run } from '../real-n8n/command';
import { listen } from '../support/listen';

const ROOT = path.join(__dirname, '..', '..');
const CHANGELOG = '# Changelog\n\n## Unreleased\n\n- Something new\n\n## 0.0.1\n\nFirst version.\n';

const versionSchema = z.object({ version: z.string() });

/** A repository on this disk, and nowhere else, with all that takes part in a release. */
let folder: string;

const read = (file: string) => fs.readFileSync(path.join(folder, file), 'utf8');
const versionIn = (file: string) => versionSchema.parse(JSON.parse(read(file))).version;

/** Without the user's settings for git, and without what tells npm that this may be a CI job. */
const env = {
	PATH: process.env.PATH,
	HOME: process.env.HOME,
	GIT_CONFIG_GLOBAL: path.join(tmpdir(), 'no-such-gitconfig'),
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_AUTHOR_NAME: 'Somebody',
	GIT_AUTHOR_EMAIL: 'somebody@example.com',
	GIT_COMMITTER_NAME: 'Somebody',
	GIT_COMMITTER_EMAIL: 'somebody@example.com',
	npm_config_update_notifier: 'false',
};
const git = async (...args: string[]) => (await run('git', args, { cwd: folder, env })).trim();
const release = async (bump: string) =>
	await attempt('npm', ['run', 'release', '--', bump], { cwd: folder, env });

async function commit(changelog: string): Promise<void> {
	fs.writeFileSync(path.join(folder, 'CHANGELOG.md'), changelog);
	await git('add', '.');
	await git('commit', '--quiet', '--message', 'Something new');
}

describe('a release', () => {
	beforeEach(async () => {
		folder = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-release-'));
		for (const file of [
			'package.json',
			'package-lock.json',
			'.npmrc',
			'.gitignore',
			'tools/preversion.ts',
		]) {
			fs.cpSync(path.join(ROOT, file), path.join(folder, file));
		}
		await git('init', '--quiet', '--initial-branch', 'main');
		await commit(CHANGELOG);
		fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
		fs.appendFileSync(path.join(folder, '.git', 'info', 'exclude'), 'node_modules\n');
	});
	afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

	test('raises the version, moves what is unreleased under it, and tags that commit', async () => {
		const { code, stderr } = await release('99.1.0');
		expect([code, stderr]).toEqual([0, expect.any(String)]);
		expect([versionIn('package.json'), versionIn('package-lock.json')]).toEqual([
			'99.1.0',
			'99.1.0',
		]);
		expect(read('CHANGELOG.md')).toBe(CHANGELOG.replace('Unreleased', '99.1.0'));
		expect(await git('describe', '--exact-match')).toBe('v99.1.0');
		expect(await git('status', '--porcelain')).toBe('');
		const changed = await git('show', '--format=', '--name-only');
		expect(changed.split('\n').sort()).toEqual([
			'CHANGELOG.md',
			'package-lock.json',
			'package.json',
		]);
	});

	test('of nothing is refused, and leaves all as it is', async () => {
		await commit('# Changelog\n\n## Unreleased\n\n## 0.0.1\n\nFirst version.\n');
		const { code, stderr } = await release('minor');
		expect(code).not.toBe(0);
		expect(stderr).toContain('names no change for users under "## Unreleased"');
		expect(await git('status', '--porcelain')).toBe('');
		expect(await git('tag')).toBe('');
	});

	test('is refused beside changes that are not committed', async () => {
		fs.appendFileSync(path.join(folder, 'CHANGELOG.md'), '\nMore\n');
		expect((await release('minor')).code).not.toBe(0);
		expect(versionIn('package.json')).toBe(manifest.version);
		expect(await git('tag')).toBe('');
	});

	test('by hand is refused, as nothing proves where it was built', async () => {
		const asked: Array<string | undefined> = [];
		const registry = await listen(
			createServer(({ method, url }, response) => {
				asked.push(`${method} ${url}`);
				response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
			}),
		);
		const address = `//${registry.host}/`;
		const { code, stderr } = await attempt(
			'npm',
			['publish', '--registry', `http:${address}`, `--${address}:_authToken=none`],
			{ cwd: folder, env },
		);
		await registry.close();
		expect(code).not.toBe(0);
		expect(stderr).toMatch(/provenance/);
		expect(asked.filter((line) => line?.startsWith('PUT'))).toEqual([]);
	});
});

test('the tag of a release is one that the publishing workflow waits for', () => {
	const workflow = fs.readFileSync(path.join(ROOT, '.github/workflows/publish.yml'), 'utf8');
	expect(workflow).toContain("tags: ['v*']");
	expect(workflow).toContain('"v$(node -p');
});

test("the version of package.json has its heading in the project's changelog", () => {
	const changelog = fs.readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8');
	expect(changelog.split('\n')).toContain(`## ${manifest.version}`);
});
