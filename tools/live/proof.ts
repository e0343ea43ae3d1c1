/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import pLimit from 'p-limit';
import type { RecordedStep } from '../../test/standin/playback/format';
import { accountObstacle } from './gateway/checkGateway';
import { answerJson } from './node/judge';
import { runStep, type Keys, type StepResult } from './node/runStep';
import type { Workbench } from './node/workbench';
import { usd, type Budget } from './plan/budget';
import type { Delivered, PlannedStep } from './plan/steps';
import type { RecordingProxy } from './proxy/recordingProxy';
import { readRefusal } from './reading/readRefusal';
import type { FinishedStep } from './recording/record';
import type { TaskBook } from './taskBook';

/** So many generations run at a time: the whole proof takes two minutes, not ten. */
const AT_A_TIME = 3;
/** How often it is told what still runs, ms. */
const EVERY_MS = 10_000;

/** How a step ended. */
export interface StepReport {
	step: string;
	title: string;
	end: 'handled' | 'failed' | 'skipped';
	/** Why it failed or was skipped. */
	because?: string;
}

/** What the proof works with. */
export interface ProofParts {
	steps: readonly PlannedStep[];
	bench: Workbench;
	proxy: RecordingProxy;
	keys: Keys;
	budget: Budget;
	book: TaskBook;
	/** Takes a step's record as soon as it has ended. */
	keep: (finished: FinishedStep) => Promise<void>;
	log: (line: string) => void;
	/** Aborted when no further step is wanted. */
	signal: AbortSignal;
}

/** What the proof came to. */
export interface ProofResult {
	steps: StepReport[];
	/** What ended it early, as a sentence. */
	obstacle?: string;
}

/** Runs every step in turn: what costs nothing one by one, the generations some at a time. */
export async function prove(parts: ProofParts): Promise<ProofResult> {
	const { steps } = parts;
	const runner = new StepRunner(parts);
	const limit = pLimit(AT_A_TIME);
	const free = steps.filter(({ images, after }) => images === 0 && after === undefined);
	for (const step of free) await runner.take(step);
	const started = new Map<string, Promise<void>>();
	for (const step of steps.filter((one) => !free.includes(one))) {
		const before = step.after === undefined ? undefined : started.get(step.after);
		started.set(
			step.step,
			(async () => {
				await before;
				await limit(async () => await runner.take(step));
			})(),
		);
	}
	const timer = setInterval(() => runner.tellRunning(), EVERY_MS);
	await Promise.all(started.values()).finally(() => clearInterval(timer));
	const order = new Map(steps.map(({ step }, index) => [step, index]));
	const reports = [...runner.reports].sort(
		(a, b) => (order.get(a.step) ?? 0) - (order.get(b.step) ?? 0),
	);
	return { steps: reports, ...(runner.obstacle !== undefined && { obstacle: runner.obstacle }) };
}

/** Runs single steps and keeps what later ones need. */
class StepRunner {
	readonly reports: StepReport[] = [];
	obstacle?: string;
	private readonly running = new Map<string, number>();
	private readonly delivered = new Map<string, Delivered>();

	constructor(private readonly parts: ProofParts) {}

	async take(planned: PlannedStep): Promise<void> {
		const { budget, book, log, signal } = this.parts;
		const { step, title, images } = planned;
		if (signal.aborted) return;
		const does = this.whatToDo(planned);
		if ('skipped' in does) {
			this.report({ step, title, end: 'skipped', because: does.skipped });
			return;
		}
		const reservation = budget.reserve(images);
		if (!reservation) {
			const because = `it could go beyond the limit of ${usd(budget.limit)}; ${usd(budget.spent)} are spent`;
			this.report({ step, title, end: 'skipped', because });
			return;
		}
		log(`  … ${title}`);
		const began = Date.now();
		this.running.set(title, began);
		const ended = await this.attempt({ step, title, does });
		this.running.delete(title);
		budget.settle(reservation, book.paidBy(step, Math.max(images, 1)));
		const seconds = `${((Date.now() - began) / 1000).toFixed(1)} s`;
		if (signal.aborted) return;
		if (typeof ended === 'string') {
			this.report({ step, title, end: 'failed', because: ended });
			return;
		}
		this.noteDelivered(step, ended);
		if (does.kind === 'node') this.noteObstacle(ended.finished);
		const lost = await this.parts.keep(ended.finished).then(
			() => undefined,
			(error: unknown) => (error instanceof Error ? error.message : String(error)),
		);
		const verdict = lost === undefined ? ended.verdict : { handled: false as const, because: lost };
		this.report(
			verdict.handled
				? { step, title, end: 'handled' }
				: { step, title, end: 'failed', because: verdict.because },
			seconds,
		);
	}

	/** Says which steps are under way, and for how long. */
	tellRunning(): void {
		const now = Date.now();
		const steps = [...this.running].map(
			([title, began]) => `${title} ${Math.round((now - began) / 1000)} s`,
		);
		if (steps.length > 0) this.parts.log(`    still running: ${steps.join(', ')}`);
	}

	/** The step's result, or what kept it from ending at all. */
	private async attempt(step: Parameters<typeof runStep>[2]): Promise<StepResult | string> {
		const { bench, proxy, keys } = this.parts;
		return await runStep(bench, proxy, step, keys).catch((error: unknown) =>
			error instanceof Error ? error.message : String(error),
		);
	}

	private whatToDo({
		after,
		images,
		does,
	}: PlannedStep): Exclude<RecordedStep['does'], { kind: 'requests' }> | { skipped: string } {
		if (this.obstacle !== undefined && images > 0) return { skipped: 'no task can be created' };
		const before = after === undefined ? {} : this.delivered.get(after);
		if (before === undefined) {
			const title = this.parts.steps.find(({ step }) => step === after)?.title ?? after;
			return { skipped: `it needs what '${title}' did not deliver` };
		}
		return does(before);
	}

	private noteDelivered(step: string, { finished, items: [item] }: StepResult): void {
		if (finished.outcome.images.length === 0 || !item) return;
		const { url, taskId } = item;
		this.delivered.set(step, {
			...(typeof url === 'string' && { link: this.parts.proxy.originalLink(url) }),
			...(typeof taskId === 'string' && { taskId }),
		});
	}

	/** A creation that is refused for the account's sake would be so for every other step. */
	private noteObstacle({ exchanges }: FinishedStep): void {
		for (const exchange of exchanges) {
			if (exchange.to !== 'gateway' || exchange.method !== 'POST') continue;
			const refusal = readRefusal(exchange.answer?.status ?? 0, answerJson(exchange));
			this.obstacle ??= refusal && accountObstacle(refusal);
		}
	}

	private report(report: StepReport, after = ''): void {
		this.reports.push(report);
		const sign = { handled: '✓', failed: '✗', skipped: '–' }[report.end];
		const note = [after, report.because].filter(Boolean).join(': ');
		this.parts.log(`  ${sign} ${report.title}${note && ` (${note})`}`);
	}
}
