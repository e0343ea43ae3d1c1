/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/require-node-api-error */
import fs from 'node:fs';
import path from 'node:path';
import { parseStep, type RecordedStep } from '../../../test/standin/playback/format';
import type { Redactor } from './redact';

const STEP_FILE = /^\d{2}-[\w.-]+\.json$/;

/** A folder that takes the steps of a run as they end, one readable file each. */
export class RecordingFolder {
	private written = 0;

	/** Makes the folder. */
	constructor(
		readonly folder: string,
		private readonly redactor: Redactor,
	) {
		fs.mkdirSync(folder, { recursive: true });
	}

	/** @throws when a key is in it after all; nothing is written then */
	writeStep(step: RecordedStep): void {
		this.written += 1;
		const name = `${String(this.written).padStart(2, '0')}-${step.step}.json`;
		this.write(name, `${JSON.stringify(step, null, '\t')}\n`);
	}

	/** @throws when a key is in it after all; nothing is written then */
	writeReport(markdown: string): string {
		return this.write('report.md', markdown);
	}

	private write(name: string, text: string): string {
		if (this.redactor.holdsKey(text)) {
			throw new Error(`${name} was not written: the key would have been in it`);
		}
		const file = path.join(this.folder, name);
		fs.writeFileSync(file, text);
		return file;
	}
}

/**
 * Reads a recording, its steps in their order.
 *
 * @throws when the folder holds none, or what is there is none of this version
 */
export function readRecording(folder: string): RecordedStep[] {
	const files = fs.existsSync(folder)
		? fs.readdirSync(folder).filter((name) => STEP_FILE.test(name))
		: [];
	if (files.length === 0) throw new Error(`There is no recording in ${folder}`);
	return files.sort().map((name) => {
		try {
			return parseStep(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')));
		} catch (error) {
			throw new Error(`${path.join(folder, name)} is no file of a recording`, { cause: error });
		}
	});
}
