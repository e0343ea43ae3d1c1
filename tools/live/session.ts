import { randomUUID } from 'node:crypto';
import type { Model } from '../../nodes/Vtrix/core/definition/model';
import type { RecordedStep } from '../../test/standin/playback/format';
import { WRONG_KEY } from './beliefs/gatewaySightings';
import { compare } from './beliefs/compare';
import { compareSpec } from './beliefs/compareSpec';
import { askSpec } from './gateway/askSpec';
import { checkGateway, type Obstacle } from './gateway/checkGateway';
import { probe, type ProbeResult } from './gateway/probe';
import type { Keys } from './node/runStep';
import type { Workbench } from './node/workbench';
import { Budget } from './plan/budget';
import { PROMPTS } from './plan/parameters';
import { planSteps } from './plan/steps';
import { prove, type ProofResult } from './proof';
import { RecordingProxy } from './proxy/recordingProxy';
import { RecordingFolder } from './recording/folder';
import { recordStep, type FinishedStep, type KeyName } from './recording/record';
import { Redactor } from './recording/redact';
import { toMarkdown, type Report } from './report/markdown';
import { taskRows } from './report/taskRows';
import { TaskBook, type BookedTask } from './taskBook';

/** Name of the requests that are sent before anything else. */
const CHECK = 'gateway-check';
/** How long a creation under way may go on when everything is to end, ms. */
const LAST_WORDS_MS = 10_000;

/** What a session is about. */
export interface SessionOptions {
	/** Base URL of the service. */
	baseUrl: string;
	apiKey: string;
	/** Host of the models' descriptions, which never gets the key; not asked unless given. */
	specUrl?: string;
	/** What the address is called. */
	shown: string;
	/** Never empty. */
	models: readonly Model[];
	/** Spending limit, USD. */
	limit: number;
	/** A public picture for the edit of a URL. */
	imageUrl?: string;
	/** Whether to ask on paths that are documented elsewhere. */
	probe: boolean;
	/** Where the recording goes. */
	folder: string;
	/** What the node runs in, in a few words, for the report. */
	about: string;
	log: (line: string) => void;
	/** Aborted when it is to end. */
	signal: AbortSignal;
}

/** What a session came to. */
export interface SessionResult {
	/** Absent when nothing was tried, or not to the end. */
	report?: Report;
	/** The report as Markdown, and where it was written. */
	written?: { markdown: string; file: string };
	/** What stood in the way, as a sentence. */
	obstacle?: Obstacle;
	/** Tasks whose end nobody has seen. */
	running: BookedTask[];
	/** Steps with a creation whose outcome nobody knows. */
	uncertain: string[];
}

/** One proof of the node against a service, recorded. */
export class Session {
	private readonly keys: Keys;
	private readonly redactor: Redactor;
	private readonly book = new TaskBook();
	private readonly recorded: RecordedStep[] = [];

	constructor(private readonly options: SessionOptions) {
		this.keys = { good: options.apiKey, wrong: `wrong-${randomUUID()}` };
		this.redactor = new Redactor({
			keys: Object.values(this.keys),
			prompts: Object.values(PROMPTS),
		});
	}

	/**
	 * Checks the gateway, lets the node take every step, and compares.
	 *
	 * @param openBench starts what the node runs in; only called when the gateway is there
	 */
	async run(openBench: () => Promise<Workbench>): Promise<SessionResult> {
		const { baseUrl, signal, folder } = this.options;
		const proxy = await RecordingProxy.start(baseUrl, (step, exchange) =>
			this.book.note(step, exchange),
		);
		try {
			const obstacle = await this.check(proxy);
			if (obstacle !== undefined || signal.aborted)
				return this.result(obstacle === undefined ? {} : { obstacle });
			const writer = new RecordingFolder(folder, this.redactor);
			const keep = async (finished: FinishedStep) => {
				const step = await recordStep(finished, this.redactor, this.keyName);
				writer.writeStep(step);
				this.recorded.push(step);
			};
			await keep({
				step: CHECK,
				title: 'A task that does not exist and a creation without a prompt, without the node',
				does: { kind: 'requests' },
				outcome: { images: [], items: 0 },
				exchanges: proxy.exchangesOf(CHECK),
			});
			const bench = await unlessAborted(openBench(), signal);
			if (!bench) return this.result({});
			const proof = await this.prove(proxy, bench, keep);
			if (signal.aborted) return this.result({});
			const { specUrl, models } = this.options;
			if (specUrl !== undefined)
				await keep(
					await askSpec(
						specUrl,
						models.map(({ id }) => id),
					),
				);
			const probes = await this.probe();
			for (const leak of proxy.leaks) {
				proof.steps.push({
					step: 'key',
					title: 'The key stays with the gateway',
					end: 'failed',
					because: leak,
				});
			}
			const report = await this.report(proof, probes);
			const markdown = this.redactor.text(toMarkdown(report));
			const file = writer.writeReport(markdown);
			return this.result({
				report,
				written: { markdown, file },
				...(proof.obstacle !== undefined && { obstacle: proof.obstacle }),
			});
		} finally {
			// what is being created just now must not be lost
			if (signal.aborted) await proxy.settle(LAST_WORDS_MS);
			await proxy.close();
		}
	}

	private async check(proxy: RecordingProxy): Promise<Obstacle | undefined> {
		const { models, apiKey, shown } = this.options;
		const access = { baseUrl: proxy.baseUrlOf(CHECK), apiKey, shown };
		const lastBreak = () => proxy.exchangesOf(CHECK).at(-1)?.broke;
		return await checkGateway(access, models[0]?.id ?? '', lastBreak);
	}

	private async prove(
		proxy: RecordingProxy,
		bench: Workbench,
		keep: (finished: FinishedStep) => Promise<void>,
	): Promise<ProofResult> {
		const { models, imageUrl, limit, log, signal } = this.options;
		const budget = new Budget(limit);
		budget.settle({ usd: 0 }, this.book.paidBy(CHECK, 1));
		const { keys, book } = this;
		const steps = planSteps(models, imageUrl);
		return await prove({ steps, bench, proxy, keys, budget, book, keep, log, signal });
	}

	private async probe(): Promise<ProbeResult[] | undefined> {
		const { baseUrl, apiKey, models } = this.options;
		if (!this.options.probe) return undefined;
		return await probe(baseUrl.replace(/\/+$/, ''), apiKey, models[0]?.id ?? '');
	}

	private async report(proof: ProofResult, probes?: ProbeResult[]): Promise<Report> {
		const spec = compareSpec(this.recorded);
		return {
			about: this.options.about,
			steps: proof.steps,
			...(proof.obstacle !== undefined && { obstacle: proof.obstacle }),
			comparison: await compare(this.recorded),
			tasks: taskRows(this.recorded),
			...(probes && { probes }),
			...(spec && { spec }),
		};
	}

	private result({ report, written, obstacle }: Partial<SessionResult>): SessionResult {
		return {
			...(report && { report }),
			...(written && { written }),
			...(obstacle !== undefined && { obstacle: this.redactor.text(obstacle) }),
			running: this.book.running,
			uncertain: [...this.book.uncertain],
		};
	}

	/** Tells the keys apart without telling them. */
	private readonly keyName: KeyName = (authorization) => {
		if (authorization === `Bearer ${this.keys.good.trim()}`) return 'Bearer [API key]';
		return authorization === `Bearer ${this.keys.wrong}` ? WRONG_KEY : '[something else]';
	};
}

/** What comes of the work, or nothing once it is not wanted any more. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
	const aborted = new Promise<undefined>((resolve) => {
		if (signal.aborted) resolve(undefined);
		signal.addEventListener('abort', () => resolve(undefined), { once: true });
	});
	return await Promise.race([work, aborted]);
}
