import type { RecordedStep } from '../../../test/standin/playback/format';
import { isCreation, jsonOf, polledId } from '../beliefs/world';
import { readRefusal } from '../reading/readRefusal';
import { readTask } from '../reading/readTask';
import { isRecord } from '../../../test/standin/validation/checks';

/** What is told of one task. */
export interface TaskRow {
	step: string;
	model: string;
	state: 'running' | 'completed' | 'failed';
	/** From the answer to its creation to the first poll that told its end, ms. */
	tookMs?: number;
	/** Whether any poll told progress. */
	progress: boolean;
	/** USD, if it was reported. */
	cost?: number;
	images: number;
	polls: number;
	/** Polls that were answered with an HTTP status of 400 or more, or not at all. */
	refused: number;
}

/** The tasks that a recording created, with what became of them. */
export function taskRows(steps: readonly RecordedStep[]): TaskRow[] {
	return steps.flatMap(({ step, exchanges }) =>
		exchanges.filter(isCreation).flatMap((creation): TaskRow[] => {
			const created = readTask(jsonOf(creation.answer));
			if (created?.id === undefined) return [];
			if (readRefusal(creation.answer?.status ?? 0, jsonOf(creation.answer))) return [];
			const asked = jsonOf(creation.sent);
			const polls = exchanges.filter((exchange) => polledId(exchange) === created.id);
			const answers = polls.map((poll) => {
				const json = jsonOf(poll.answer);
				const wrong = !poll.answer || readRefusal(poll.answer.status, json) !== undefined;
				return { poll, wrong, reading: wrong ? undefined : readTask(json) };
			});
			const end = answers.find(({ reading }) => reading && reading.state !== 'running');
			const last = end?.reading ?? created;
			const createdAt = creation.atMs + creation.tookMs;
			return [
				{
					step,
					model: isRecord(asked) ? String(asked.model) : '',
					state: last.state,
					...(end && { tookMs: end.poll.atMs + end.poll.tookMs - createdAt }),
					progress: answers.some(({ reading }) => reading?.progress !== undefined),
					...(last.cost !== undefined && { cost: last.cost }),
					images: last.entries.length,
					polls: polls.length,
					refused: answers.filter(({ wrong }) => wrong).length,
				},
			];
		}),
	);
}
