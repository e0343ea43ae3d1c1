import { statusAdvice } from './statusAdvice';
import { readAnswer, type Task } from './answers';
import { answeredWith, classifyCreation, type Exchange, type Refusal } from './creationOutcome';
import {
	RefusedError,
	StoppedError,
	TaskUnreachableError,
	UncertainCreationError,
	type ErrorAdvice,
} from '../errors';
import type { Clock, HttpClient } from './http';
import { networkReason } from './networkErrors';
import type { RateLimiter } from './rateLimiter';
import { readBody, TooLargeError } from './readBody';
import { backoffMs, retryAfterMs } from './retry';

const GENERATION_PATH = '/model/v1/generation';
const POLL_TIMEOUT_MS = 30_000;
const CREATION_TIMEOUT_MS = 120_000;
/** Room for 15 images as base64 in one answer. */
const LARGEST_ANSWER_BYTES = 400_000_000;
const CONNECTION_TRIES = 4;

/** An answer to a poll that may be repeated, with the wait that the API asked for. */
export interface RetryablePoll {
	reason: string;
	retryAfterMs?: number;
	/** HTTP status, where there was an answer at all. */
	status?: number;
}

/** What the client works with; everything from outside is handed in. */
export interface ClientParts {
	http: HttpClient;
	clock: Clock;
	rateLimiter: RateLimiter;
	/** Aborted when the run is stopped. */
	signal?: AbortSignal;
	/** Takes secrets out of text that the API sent. */
	redact: (text: string) => string;
	/** Advice for an error code that the API documents. */
	adviceFor: (code: string) => ErrorAdvice | undefined;
	random: () => number;
}

/** The API's exchange: creates tasks and asks about them. */
export class Client {
	constructor(private readonly parts: ClientParts) {}

	/**
	 * Creates a task. Sent again only after a 429 or when there never was a connection, as there is no
	 * other way to be sure that nothing is paid twice.
	 *
	 * @param body the encoded request
	 * @param deadline when to give up waiting for a 429 to pass, ms since the epoch
	 * @param assertWanted called right before each sending; throws when the task is no longer wanted
	 * @throws RefusedError, UncertainCreationError, StoppedError
	 */
	async submit(body: Buffer, deadline: number, assertWanted: () => void = () => {}): Promise<Task> {
		const { clock, rateLimiter: pace, random, signal } = this.parts;
		for (let limited = 0, unconnected = 0; ; ) {
			await pace.waitWhilePaused(deadline);
			this.assertRunning();
			assertWanted();
			const exchange = await this.exchange({
				method: 'POST',
				path: GENERATION_PATH,
				body,
				// A slow line needs longer for large images.
				timeoutMs: CREATION_TIMEOUT_MS + Math.ceil(body.length / 1000),
			});
			const outcome = classifyCreation(exchange);
			const isLate = clock.now() >= deadline;
			switch (outcome.kind) {
				case 'created':
					return outcome.task;
				case 'uncertain':
					throw new UncertainCreationError(
						signal?.aborted && !exchange.answered
							? 'The run was canceled while it was being created.'
							: outcome.reason,
					);
				case 'refused':
					throw this.refused(outcome);
				case 'rateLimited':
					if (isLate) throw this.refused(outcome);
					pace.pause(outcome.retryAfterMs || backoffMs(limited, random));
					limited += 1;
					break;
				case 'notConnected':
					this.assertRunning();
					unconnected += 1;
					if (unconnected >= CONNECTION_TRIES || isLate) throw unreachable(outcome.error);
					await clock.sleep(backoffMs(unconnected - 1, random));
			}
		}
	}

	/**
	 * Asks about a task once, in its turn of the run's budget.
	 *
	 * @param likelyDone whether the task has probably ended
	 * @throws TaskUnreachableError when asking again cannot help, StoppedError
	 */
	async getTask(
		taskId: string,
		deadline: number,
		likelyDone = false,
	): Promise<Task | RetryablePoll> {
		const path = taskPath(taskId);
		await this.parts.rateLimiter.acquire(deadline, likelyDone);
		this.assertRunning(taskId);
		const exchange = await this.exchange({
			method: 'GET',
			path,
			timeoutMs: POLL_TIMEOUT_MS,
		});
		if (!exchange.answered) {
			this.assertRunning(taskId);
			if (exchange.error instanceof TooLargeError) {
				throw new TaskUnreachableError(`The answer about task ${taskId} is too large to be read`, {
					description: "Generate fewer images at once, or set 'Response Format' to URL.",
					taskIds: [taskId],
				});
			}
			return { reason: networkReason(exchange.error) };
		}
		const { answer } = exchange;
		// Whatever id the answer carries, the task that was asked for is meant.
		if (answer.kind === 'task') return { ...answer.task, id: taskId };
		if (answer.kind === 'unreadable') return { reason: 'the answer was not readable' };
		const { status } = answer;
		const { retryAfterMs: wait } = exchange;
		const again = {
			reason: `it ${answeredWith(status, exchange.requestId)}`,
			status,
			...(wait !== undefined && { retryAfterMs: wait }),
		};
		if (status === 429) {
			if (wait !== undefined) this.parts.rateLimiter.pause(wait);
			return again;
		}
		if (status >= 500 || status === 404 || status === 408 || status === 425 || status < 300)
			return again;
		const refused = this.refused({ ...exchange, ...answer });
		throw new TaskUnreachableError(`${refused.message} (task ${taskId})`, {
			description: `${refused.description} The task itself is not lost: fetch it with the resource 'Task', operation 'Get' and the task ID ${taskId}.`,
			taskIds: [taskId],
			httpStatus: status,
		});
	}

	private assertRunning(...taskIds: string[]): void {
		if (this.parts.signal?.aborted) throw new StoppedError(taskIds);
	}

	private refused({ status, code, reason, requestId }: Refusal): RefusedError {
		const documented = code === undefined ? undefined : this.parts.adviceFor(code);
		const { message, advice } = documented ?? statusAdvice(status);
		const details = [
			reason && `Vtrix says: ${reason}`,
			code && code !== String(status) && `code ${code}`,
			requestId && `request ID ${requestId}`,
		].filter(Boolean);
		return new RefusedError(`${message} (HTTP ${status})`, {
			description: [advice, details.join(', ')].filter(Boolean).join(' '),
			httpStatus: status,
		});
	}

	private async exchange(request: Parameters<HttpClient['api']>[0]): Promise<Exchange> {
		const { http, redact, clock } = this.parts;
		try {
			const { status, headers, body } = await http.api(request);
			const bytes = await readBody(body, LARGEST_ANSWER_BYTES, request.timeoutMs).catch(
				async (error: unknown) =>
					// Of a refusal the status says enough.
					status < 300 ? await Promise.reject(error) : Buffer.alloc(0),
			);
			const wait = retryAfterMs(headers['retry-after'], clock.now());
			const requestId = headers['x-request-id'];
			return {
				answered: true,
				status,
				answer: readAnswer(status, bytes.toString('utf8'), redact),
				...(wait !== undefined && { retryAfterMs: wait }),
				...(requestId && { requestId: redact(requestId).slice(0, 100) }),
			};
		} catch (error) {
			return { answered: false, error };
		}
	}
}

/**
 * Where a task is asked about.
 *
 * @throws TaskUnreachableError for what can be no id: the path would lead elsewhere
 */
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
		description:
			"Nothing was sent and nothing was charged for this item. Check the Base URL in the credential and this machine's internet connection.",
	});
