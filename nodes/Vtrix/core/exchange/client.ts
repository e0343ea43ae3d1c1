import { readAnswerBody } from './answers/answerBody';
import type { KeepImage } from './answers/answerReader';
import { readAnswer, errorInfoOf } from './answers/answer';
import type { Task } from './answers/task';
import { classifyCreation } from './creationOutcome';
import type { Exchange, Refusal } from './exchange';
import { classifyPoll, type RetryablePoll } from './pollOutcome';
import {
	RefusedError,
	StoppedError,
	TaskUnreachableError,
	UncertainCreationError,
} from '../shared/errors';
import { ByteLimit, MEMORY_BYTES } from '../shared/byteLimit';
import type { Clock, HttpClient } from './http/http';
import { networkAdvice, networkReason } from './http/networkErrors';
import { assertNoProxy } from './publicFetch';
import type { Slot } from './throttling/slot';
import type { RunThrottle, Throttle } from './throttling/throttle';
import { refusedError, refusedPoll, type AdviceFor } from './refusedError';
import { Sending, type RequestBody } from './http/sending';
import { pauseMs, RETRIES, retryAfterMs } from './http/retry';
import { formatDuration, formatTime } from '../shared/format';

const GENERATION_PATH = '/model/v1/generation';
const POLL_TIMEOUT_MS = 30_000;
const CREATION_TIMEOUT_MS = 120_000;

/** What a client works with; `redact` takes the key out of texts, `signal` ends the run. */
export interface ClientParts {
	http: HttpClient;
	clock: Clock;
	throttle: RunThrottle;
	signal?: AbortSignal;
	redact: (text: string) => string;
	adviceFor: AdviceFor;
	random: () => number;
}

/** What all clients with one key share. */
class SharedByKey {
	/** A large request uses the whole bandwidth by itself; two at once would only delay the first task. */
	readonly uploads = new ByteLimit(MEMORY_BYTES);
	/** The last refusal for a limit: the reason why creations wait. */
	lastLimit: Refusal = { status: 429 };
	keyAccepted = false;

	private static readonly known = new WeakMap<Throttle, SharedByKey>();

	static of(throttle: Throttle): SharedByKey {
		const known = this.known.get(throttle) ?? new SharedByKey();
		this.known.set(throttle, known);
		return known;
	}
}

/** How long to try to create a task, and whether to. */
export interface CreationTry {
	/**
	 * When to give up connecting, ms since the epoch, extended by the time spent waiting for other
	 * uploads. The time until then is also how long the API may answer all creations with 429.
	 */
	deadline: number;
	assertWanted?: () => void;
	keepImage?: KeepImage;
}

/** The API: creates tasks and polls them. */
export class Client {
	private readonly shared: SharedByKey;

	constructor(private readonly parts: ClientParts) {
		this.shared = SharedByKey.of(parts.throttle.shared);
	}

	/**
	 * Creates a task. It is sent again only after a 429, or if no connection was made: in every other
	 * case the first request may have been charged.
	 *
	 * @param slot the item's place, which waits here until the creation may be sent
	 * @throws RefusedError, UncertainCreationError, StoppedError, and what reading the body throws
	 */
	async submit(
		body: RequestBody,
		slot: Slot,
		{ deadline, assertWanted = () => {}, keepImage }: CreationTry,
	): Promise<Task> {
		const { clock, random, signal, adviceFor } = this.parts;
		const patienceMs = deadline - clock.now();
		let giveUpAt = deadline;
		for (let unconnected = 0; ; ) {
			const requestedAt = clock.now();
			const exchange = await this.shared.uploads.run(uploadBytes(body), async (onSent) => {
				giveUpAt += clock.now() - requestedAt;
				this.assertRunning();
				// The last thing before sending: what waits for room would miss that none is taken now.
				const mayGo = await slot.acquire({ patienceMs, assertWanted });
				this.assertRunning();
				if (!mayGo) throw this.limited();
				return await this.sendCreation(new Sending(body, onSent), keepImage);
			});
			const outcome = classifyCreation(exchange);
			switch (outcome.kind) {
				case 'created':
					slot.accepted();
					return outcome.task;
				case 'uncertain':
					throw new UncertainCreationError(
						signal?.aborted && !exchange.answered
							? 'The run was canceled while it was being created.'
							: outcome.reason,
						outcome.details,
					);
				case 'refused':
					throw refusedError(outcome, adviceFor);
				case 'rateLimited':
					this.shared.lastLimit = outcome;
					slot.rejected(outcome.retryAfterMs);
					break;
				case 'notConnected':
					this.assertRunning();
					unconnected += 1;
					if (unconnected >= RETRIES.creation.tries || clock.now() >= giveUpAt) {
						throw unreachable(outcome.error);
					}
					slot.notSent();
					await clock.sleep(pauseMs(unconnected - 1, undefined, random));
			}
		}
	}

	private async sendCreation(sending: Sending, keepImage?: KeepImage): Promise<Exchange> {
		const { body } = sending;
		const request = {
			method: 'POST',
			path: GENERATION_PATH,
			body,
			// A slow connection needs longer for large images.
			timeoutMs: CREATION_TIMEOUT_MS + Math.ceil(body.byteLength / 1000),
		} as const;
		const exchange = await this.exchange(request, keepImage);
		if (!exchange.answered && sending.isIncomplete) {
			if (sending.failure) throw sending.failure.error;
			this.assertRunning();
		}
		return exchange;
	}

	/** @throws TaskUnreachableError when asking again cannot help, StoppedError */
	async getTask(
		taskId: string,
		deadline: number,
		likelyDone: boolean,
		keepImage?: KeepImage,
	): Promise<Task | RetryablePoll> {
		const path = taskPath(taskId);
		const { clock, throttle, adviceFor } = this.parts;
		this.assertRunning(taskId);
		const { polls } = throttle.shared;
		const sentAt = await throttle.acquirePoll(deadline - clock.now(), likelyDone);
		this.assertRunning(taskId);
		if (sentAt === undefined) {
			const { retryAfterMs } = polls;
			const reason = 'it takes no further requests';
			return { reason, status: 429, details: { httpStatus: 429 }, retryAfterMs };
		}
		const request = { method: 'GET', path, timeoutMs: POLL_TIMEOUT_MS } as const;
		const exchange = await this.exchange(request, keepImage);
		if (!exchange.answered) this.assertRunning(taskId);
		const outcome = classifyPoll(exchange, taskId);
		if (outcome.kind === 'retryable' && outcome.poll.status === 429) {
			polls.rejected(sentAt, outcome.poll.retryAfterMs);
		} else if (exchange.answered) {
			polls.answered(sentAt, outcome.kind === 'task' && outcome.task.state !== 'running');
		}
		switch (outcome.kind) {
			case 'task':
				return outcome.task;
			case 'retryable':
				return outcome.poll;
			case 'tooLarge':
				throw new TaskUnreachableError(`The answer about task ${taskId} is too large to be read`, {
					description: "Generate fewer images at once, or set 'Response Format' to URL.",
					taskIds: [taskId],
				});
			case 'refused': {
				const refusal = refusedPoll(taskId, outcome.refusal, adviceFor);
				const { status, code, reason } = outcome.refusal;
				const isInItsWords = code !== undefined || reason !== undefined;
				const mayPass = RETRIES.refusedPoll.passes(status) || !isInItsWords;
				if (mayPass && this.shared.keyAccepted) return { ...outcome.poll, refusal };
				throw refusal;
			}
		}
	}

	private assertRunning(...taskIds: string[]): void {
		if (this.parts.signal?.aborted) throw new StoppedError(taskIds);
	}

	private limited(): RefusedError {
		const { clock, throttle, adviceFor } = this.parts;
		const { lastLimit } = this.shared;
		const { retryAfterMs: left } = throttle.shared.creations;
		if (left <= 0) return refusedError(lastLimit, adviceFor);
		return refusedError(lastLimit, adviceFor, {
			message: `Vtrix takes no further task before ${formatTime(clock.now() + left)}`,
			advice: `Nothing was charged. Run this item again in ${formatDuration(left)}, or raise 'Timeout' to wait that long.`,
		});
	}

	private async exchange(
		request: Parameters<HttpClient['api']>[0],
		keepImage: KeepImage = leaveOut,
	): Promise<Exchange> {
		const { http, redact, clock } = this.parts;
		try {
			const response = await http.api(request);
			await assertNoProxy(response, redact);
			const { status, headers, body } = response;
			const reading = { silenceMs: request.timeoutMs, keepImage };
			const text = await readAnswerBody(body, reading).catch(async (error: unknown) =>
				// A refusal whose body cannot be read is described by its status.
				status < 300 ? await Promise.reject(error) : '',
			);
			const answer = readAnswer(status, text, redact);
			if (answer.kind === 'told' && !answer.isRefusal) this.shared.keyAccepted = true;
			const { info, page } = errorInfoOf(answer, text, headers['x-request-id'], redact);
			const wait = retryAfterMs(headers, clock.now());
			return { answered: true, answer, info, page, retryAfterMs: wait };
		} catch (error) {
			return { answered: false, error };
		}
	}
}

const uploadBytes = (body: RequestBody): number => (Buffer.isBuffer(body) ? 0 : body.byteLength);

const leaveOut: KeepImage = async () => await Promise.resolve(-1);

/** @throws TaskUnreachableError for an impossible id, which would lead to another path */
function taskPath(taskId: string): string {
	const wellFormed = Buffer.from(taskId).toString() === taskId;
	if (!wellFormed || /^\.{0,2}$/.test(taskId)) {
		throw new TaskUnreachableError(`'${taskId}' is not a task ID`, {
			description: 'Use the task ID that an earlier generation returned.',
		});
	}
	return `${GENERATION_PATH}/task/${encodeURIComponent(taskId)}`;
}

const unreachable = (error: unknown): RefusedError =>
	new RefusedError(`Vtrix could not be reached: ${networkReason(error)}`, {
		description: [
			"Nothing was sent and nothing was charged for this item. Check the Base URL in the credential and this machine's internet connection.",
			networkAdvice(error),
		]
			.filter(Boolean)
			.join(' '),
	});
