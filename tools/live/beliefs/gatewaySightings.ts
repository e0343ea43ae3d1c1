import { JSON_TYPE, PATIENCE, TASK_STATUS } from '../../../test/standin/answers/conduct';
import {
	formOf,
	keyRefused,
	requestRefused,
	taskUnknown,
} from '../../../test/standin/answers/refusals';
import type { RecordedExchange } from '../../../test/standin/playback/format';
import { readRefusal } from '../reading/readRefusal';
import { readTask } from '../reading/readTask';
import type { Sighting } from './belief';
import { taskSightings } from './taskSightings';
import { expectedOf, isCreation, jsonOf, polledId, type CreatedTask } from './world';

/** What the stand-in refuses, and how. */
const REFUSALS = {
	key: keyRefused(true),
	unknown: taskUnknown(),
	refused: requestRefused('', ''),
};

/** Marks a request that carried a key which cannot be right. */
export const WRONG_KEY = 'Bearer [wrong key]';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What one exchange with the gateway shows. */
export async function gatewaySightings(
	exchange: RecordedExchange,
	tasks: ReadonlyMap<string, CreatedTask>,
	where: string,
): Promise<Sighting[]> {
	const see = (belief: string, seen?: string): Sighting => ({
		belief,
		where,
		...(seen !== undefined && { seen }),
	});
	const creation = isCreation(exchange);
	const id = polledId(exchange);
	if (!creation && id === undefined) return [];
	const kind = creation ? 'creation' : 'poll';
	const { answer, broke, tookMs } = exchange;
	const late = tookMs > PATIENCE[kind] ? seconds(tookMs) : undefined;
	if (answer === undefined) return [see(`${kind}.time`, `no answer (${broke ?? 'cut off'})`)];
	const { status, headers } = answer;
	if (status >= 300 && status < 400) return [see('gateway.redirect', `HTTP ${status}`)];
	const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
	const common = [
		see(`${kind}.time`, late),
		see('gateway.redirect'),
		see('gateway.type', type === JSON_TYPE ? undefined : type === '' ? 'no type' : `\`${type}\``),
	];
	const json = jsonOf(answer);
	const refusal = readRefusal(status, json);
	if (refusal?.status === 429) return [...common, see('gateway.limit', 'HTTP 429')];
	const open = [...common, see('gateway.limit')];

	const expected = creation ? await expectedOf(exchange) : undefined;
	const known = id === undefined ? undefined : tasks.get(id);
	const reading = refusal ? undefined : readTask(json);
	const wrong =
		exchange.sent.headers.authorization === WRONG_KEY
			? 'key'
			: expected?.kind === 'refused'
				? 'refused'
				: id !== undefined && !known && reading?.state !== 'completed'
					? 'unknown'
					: undefined;
	if (wrong) {
		const { status: documented, body } = REFUSALS[wrong];
		if (!refusal) return [...open, see(`${wrong}.status`, `HTTP ${status}, not refused`)];
		const form = formOf(json);
		const hidden = refusal.hidden ? `, inside HTTP ${status}` : '';
		return [
			...open,
			see(`${wrong}.status`, refusal.status === documented ? undefined : `HTTP ${refusal.status}`),
			...(json === undefined
				? []
				: [
						see(
							'refusal.form',
							form === formOf(body) && !hidden ? undefined : `\`${form}\`${hidden}`,
						),
					]),
		];
	}
	if (refusal) {
		const told = `HTTP ${refusal.status}${refusal.message && `: ${refusal.message}`}`;
		if (creation) return [...open, see('task.success', `refused with ${told}`)];
		return [...open, refusal.status === 404 ? see('poll.known', told) : see('poll.status', told)];
	}
	if (!reading) return [...open, see(`${kind}.status`, `HTTP ${status} with no task in it`)];
	const ofTask = expected ?? known?.expected;
	const asked = {
		...(ofTask && 'model' in ofTask && { model: ofTask.model }),
		...(ofTask?.kind === 'accepted' && { plan: ofTask.plan }),
	};
	const { id: told } = reading.body;
	return [
		...open,
		see(`${kind}.status`, status === TASK_STATUS ? undefined : `HTTP ${status}`),
		...(creation ? [] : [see('poll.known')]),
		...(creation || told === undefined
			? []
			: [see('poll.id', String(told) === id ? undefined : 'another task')]),
		...taskSightings(reading, asked, where),
	];
}
