/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import { chromium } from 'playwright-core';

const USUAL_PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/snap/bin/chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * Path of a Chromium or Chrome: CHROMIUM_PATH, else where systems usually keep one.
 * @throws when there is none
 */
export function browserPath() {
	const found = [process.env.CHROMIUM_PATH ?? '', ...USUAL_PLACES].find((p) => fs.existsSync(p));
	if (found) return found;
	throw new Error(
		'No Chromium or Chrome found. Install one (Debian, Ubuntu: apt-get install -y chromium) ' +
			'or name it in CHROMIUM_PATH.',
	);
}

/** Starts a browser without a window. */
export const launchBrowser = async () =>
	await chromium.launch({
		executablePath: browserPath(),
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
	});
