import type { Exchange } from './proxy/exchange';
import { answerJson } from './node/judge';
import { readRefusal } from './reading/readRefusal';
import { readTask } from './reading/readTask';
import type { PaidTask } from './plan/budget';

/** A task that was created through the recording proxy. */
export interface BookedTask {
	id: string;
	step: string;
	state: 'running' | 'completed' | 'failed';
	/** USD, once it was told. */
	cost?: number;
	/** Pictures in its result. */
	images: number;
}

const CREATE = '/model/v1/generation';

/** Keeps the ids of all tasks, so that none is lost whatever happens. */
export class TaskBook {
	private readonly tasks = new Map<string, BookedTask>();
	/** Steps with a creation that had no answer: it may have made a task all the same. */
	readonly uncertain: string[] = [];

	/** Takes note of an exchange that has ended. */
	note(step: string, exchange: Exchange): void {
		const { to, method, path, answer } = exchange;
		if (to !== 'gateway' || !path.startsWith(CREATE)) return;
		const json = answerJson(exchange);
		const refusal = readRefusal(answer?.status ?? 0, json);
		const reading = refusal ? undefined : readTask(json);
		const isCreation = method === 'POST';
		if (isCreation && reading?.id === undefined && !(refusal && refusal.status < 500)) {
			this.uncertain.push(step);
		}
		if (!reading) return;
		const id = isCreation ? reading.id : decode(path.slice(`${CREATE}/task/`.length));
		const known = id === undefined ? undefined : this.tasks.get(id);
		if (id === undefined || (!isCreation && !known)) return;
		this.tasks.set(id, {
			id,
			step: known?.step ?? step,
			state: reading.state,
			images: reading.entries.length,
			...(reading.cost !== undefined && { cost: reading.cost }),
		});
	}

	/** Tasks that nobody has seen the end of. */
	get running(): BookedTask[] {
		return [...this.tasks.values()].filter(({ state }) => state === 'running');
	}

	/**
	 * What a step has to pay.
	 *
	 * @param images that it asked for: they count for a task of which no end is known
	 */
	paidBy(step: string, images: number): PaidTask[] {
		const unknown = this.uncertain.filter((name) => name === step).map(() => ({ images }));
		const own = [...this.tasks.values()].filter((task) => task.step === step);
		return [
			...own.map(({ state, cost, images: made }) => ({
				images: state === 'running' ? images : state === 'failed' ? 0 : made,
				...(cost !== undefined && { cost }),
			})),
			...unknown,
		];
	}
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
