/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import path from 'node:path';
import { renderReadme } from './renderReadme';

const README = path.join(__dirname, '..', '..', 'README.md');

fs.writeFileSync(README, renderReadme(fs.readFileSync(README, 'utf8')));
