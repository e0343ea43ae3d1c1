/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
// Moves what is unreleased in the changelog under the new version. `npm run release` runs it by
// `npm version`, before the version is raised, committed and tagged; what it throws ends all that.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

const CHANGELOG = 'CHANGELOG.md';
const HEADING = '## Unreleased\n';

const version = process.env.npm_new_version;
if (!version) throw new Error('Run this by: npm run release -- patch|minor|major');

const [before, after = ''] = fs.readFileSync(CHANGELOG, 'utf8').split(HEADING);
const [unreleased = ''] = after.split(/^## /m);
if (unreleased.trim() === '') {
	throw new Error(`${CHANGELOG} names no change for users under "${HEADING.trim()}"`);
}
fs.writeFileSync(CHANGELOG, `${before}## ${version}\n${after}`);
execFileSync('git', ['add', CHANGELOG]);
