import { digest } from '../../../test/standin/random';
import { isRecord } from '../../../test/standin/validation/checks';
import type { RecordedOutcome } from '../../../test/standin/playback/format';
import type { Exchange } from '../proxy/exchange';
import { readRefusal } from '../reading/readRefusal';
import { readTask, type TaskReading } from '../reading/readTask';
import type { NodeResult } from './workbench';

/** Whether the node did right with what the service gave it. */
export type Verdict = { handled: true } | { handled: false; because: string };

const HANDLED: Verdict = { handled: true };
const failed = (because: string): Verdict => ({ handled: false, because });

/** JSON of an answer; `undefined` where it is none. */
export function answerJson({ answer }: Exchange): unknown {
	if (!answer) return undefined;
	try {
		const json: unknown = JSON.parse(answer.body.toString('utf8'));
		return json;
	} catch {
		return undefined;
	}
}

/** Whether the dialog's verdict on a credential is right. */
export function judgeTest(key: 'good' | 'wrong', passed: boolean, message: string): Verdict {
	if (key === 'good') return passed ? HANDLED : failed(`the good key was not accepted: ${message}`);
	return passed ? failed('the wrong key was accepted') : HANDLED;
}

/** Why a run may rightly end without pictures: what the service answered; nothing if it may not. */
function excuseOf(exchanges: readonly Exchange[]): string | undefined {
	const gateway = exchanges.filter(({ to }) => to === 'gateway');
	const last = gateway.at(-1);
	if (!last) return undefined;
	if (last.broke !== undefined) return `the connection broke (${last.broke})`;
	const json = answerJson(last);
	const refusal = readRefusal(last.answer?.status ?? 0, json);
	if (refusal) return `the service refused (HTTP ${refusal.status})`;
	if (readTask(json)?.state === 'failed') return 'the task failed';
	const images = exchanges.filter(({ to }) => to === 'images');
	const lost = images.at(-1);
	if (lost && (lost.broke !== undefined || (lost.answer?.status ?? 0) >= 400)) {
		return 'a picture was not served';
	}
	const result = finished(exchanges);
	return result && !holdsPicture(result.body) ? 'the result holds no picture' : undefined;
}

/** Shorter texts are no pictures. */
const PICTURE_CHARACTERS = 1000;

/** Whether anything in it, wherever it stands, could be a picture or lead to one. */
function holdsPicture(value: unknown): boolean {
	if (typeof value === 'string') {
		return /^(https?:\/\/|data:image)/i.test(value) || value.length >= PICTURE_CHARACTERS;
	}
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some(holdsPicture);
}

/** The last answer that tells of a finished task. */
const finished = (exchanges: readonly Exchange[]): TaskReading | undefined =>
	exchanges
		.filter(({ to }) => to === 'gateway')
		.map((exchange) => readTask(answerJson(exchange)))
		.filter((reading) => reading?.state === 'completed')
		.at(-1);

/** Digests of every picture that went by. */
function served(exchanges: readonly Exchange[]): Set<string> {
	const inline = exchanges.flatMap((exchange) =>
		(readTask(answerJson(exchange))?.entries ?? []).flatMap((entry) => {
			const data = isRecord(entry) ? entry.b64_json : undefined;
			return typeof data === 'string'
				? [Buffer.from(data.replace(/^data:[^,]*,/, ''), 'base64')]
				: [];
		}),
	);
	const files = exchanges.flatMap(({ to, answer }) =>
		to === 'images' && answer ? [answer.body] : [],
	);
	return new Set([...inline, ...files].map((bytes) => digest(bytes)));
}

/** What is kept of a run. */
export function outcomeOf(
	{ items, error }: NodeResult,
	exchanges: readonly Exchange[],
): RecordedOutcome {
	const known = served(exchanges);
	return {
		items: items.length,
		...(error && { error }),
		images: items.flatMap(({ file }) =>
			file
				? [
						{
							fileName: file.fileName,
							mimeType: file.mimeType,
							bytes: file.bytes.length,
							intact: known.has(digest(file.bytes)),
						},
					]
				: [],
		),
	};
}

/**
 * Holds what the node delivered against what the service answered: every picture that was to be had
 * must be there, byte for byte, and whatever was refused must be told.
 */
export function judgeRun(
	{ error, images }: RecordedOutcome,
	exchanges: readonly Exchange[],
): Verdict {
	const damaged = images.filter(({ intact }) => !intact).length;
	if (damaged > 0) return failed(`${damaged} of ${images.length} files are not what was served`);
	const excuse = excuseOf(exchanges);
	if (error) {
		if (error.message.trim() === '') return failed('the node ended without a word');
		return excuse === undefined ? failed(`the node ended with: ${error.message}`) : HANDLED;
	}
	const result = finished(exchanges);
	const due = (result?.entries ?? []).filter(
		(entry) => !(isRecord(entry) && entry.error && entry.url === undefined),
	).length;
	if (result && images.length < due) return failed(`${images.length} of ${due} pictures came out`);
	if (!result && images.length === 0) {
		return failed(
			excuse === undefined ? 'no picture came out' : `${excuse}, and the node did not tell`,
		);
	}
	return HANDLED;
}
