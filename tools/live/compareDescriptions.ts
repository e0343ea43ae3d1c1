import type { RecordedStep } from '../../test/standin/playback/format';
import { compare } from './beliefs/compare';
import { compareSpec } from './beliefs/compareSpec';
import { askSpec } from './gateway/askSpec';
import { readRecording, RecordingFolder } from './recording/folder';
import { recordStep } from './recording/record';
import { Redactor } from './recording/redact';
import { specReport } from './report/markdown';

/** Where descriptions come from: a recording, or a host that is asked for those of `ids`. */
export type DescriptionSource =
	| { recording: string }
	| { url: string; ids: readonly string[]; folder: string };

/**
 * Compares our models with the vendor's descriptions of them; what was asked for is recorded.
 *
 * @returns the report, as Markdown
 * @throws when the recording asked for no descriptions
 */
export async function compareDescriptions(source: DescriptionSource): Promise<string> {
	if ('recording' in source) {
		return await reportOf(readRecording(source.recording), 'From a recording.');
	}
	const { url, ids, folder } = source;
	const redactor = new Redactor({ keys: [], prompts: [] });
	const writer = new RecordingFolder(folder, redactor);
	const step = await recordStep(await askSpec(url, ids), redactor, () => '[something else]');
	writer.writeStep(step);
	const host = step.exchanges[0]?.host ?? '';
	const markdown = await reportOf([step], `Asked of ${host}, without a key.`);
	writer.writeReport(markdown);
	return markdown;
}

async function reportOf(steps: readonly RecordedStep[], about: string): Promise<string> {
	const spec = compareSpec(steps);
	if (!spec) throw new Error('The recording holds no descriptions of models.');
	return specReport(about, await compare(steps), spec);
}
