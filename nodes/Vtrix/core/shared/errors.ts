import { issueText, type Issue } from './issues';

/** A documented error code: what happened and how to mend it, in our words. */
export interface ErrorAdvice {
	message: string;
	advice: string;
}

/** Details of a failure, for workflows that go on from it and for support. */
export interface ErrorDetails {
	/** Tasks concerned; their images may still be fetched by id. */
	taskIds?: readonly string[];
	/** Addresses of finished images that could not be downloaded. */
	links?: readonly string[];
	code?: string;
	httpStatus?: number;
	requestId?: string;
}

/** What went wrong (`message`) and how to go on (`description`), in the words that the user reads. */
export class VtrixError extends Error {
	readonly description: string;
	readonly details: ErrorDetails;

	constructor(
		message: string,
		{ description, ...details }: { description: string } & ErrorDetails,
	) {
		super(message);
		this.name = new.target.name;
		this.description = description;
		this.details = details;
	}

	get taskIds(): readonly string[] {
		return this.details.taskIds ?? [];
	}

	get httpStatus(): number | undefined {
		return this.details.httpStatus;
	}
}

/** Issues shown in one message; a thousand of them would fill the whole panel. */
const MOST_ISSUES = 20;

function issuesText(issues: readonly Issue[]): string {
	const [first = '', ...others] = new Set(issues.map(issueText));
	if (others.length === 0) return first;
	const count = others.length + 1;
	const more = count - MOST_ISSUES;
	// n8n shows the lines as one paragraph, in which the dots tell them apart.
	return [
		`${count} settings need a correction:`,
		...[first, ...others].slice(0, MOST_ISSUES).map((text) => `• ${text}`),
		...(more > 0 ? [`• and ${more} more`] : []),
	].join('\n');
}

/** The request was not sent: something in it breaks a documented limit. */
export class InvalidParametersError extends VtrixError {
	/** @param scope what nothing was sent for: this item, the whole run, or only this try of it */
	constructor(
		readonly issues: readonly Issue[],
		{ scope = 'item' }: { scope?: 'item' | 'run' | 'try' } = {},
	) {
		const nothing = {
			item: 'Nothing was sent and nothing was charged for this item.',
			run: 'Nothing was sent and nothing was charged.',
			try: 'Nothing was sent in this try.',
		}[scope];
		super(issuesText(issues), {
			description: `${nothing} Correct the fields and run again.`,
		});
	}
}

/** The API refused the request: nothing was created. */
export class RefusedError extends VtrixError {}

/** For a creation of unknown outcome; the reason is a predicate. */
export const mayBeCreated = (reason: string): string =>
	`The task may have been created and billed: ${reason}`;

/** The creation was sent and its outcome is unknown; it is never sent again by itself. */
export class UncertainCreationError extends VtrixError {
	constructor(
		readonly reason: string,
		details: ErrorDetails = {},
	) {
		super(mayBeCreated(reason), {
			description:
				'It was not sent again, so that nothing is paid twice. Look at the usage on your Vtrix account, then run this item again if no task is there.',
			...details,
		});
	}
}

/** Sending was aborted because a file could not be read; the API never had the whole request. */
export class UnfinishedRequestError extends VtrixError {
	constructor(reason: string) {
		super(`The request was broken off while it was sent: ${reason}`, {
			description: 'It was not complete, so no task was created and nothing was charged.',
		});
	}
}

/** The task ended without an image. */
export class TaskFailedError extends VtrixError {}

/** The API could not be asked about a task any longer. */
export class TaskUnreachableError extends VtrixError {}

/** The time limit came before the task's end; the task goes on at the provider. */
export class TaskTimedOutError extends VtrixError {
	constructor(taskId: string, timeoutMs: number, last: LastPolls = {}) {
		const { status, said, unanswered } = last;
		const told = [
			status && `its last status is '${status}'${said ? `: ${said}` : ''}`,
			unanswered && `Vtrix could not be asked about it: ${unanswered}`,
		].flatMap((part) => (part ? [`; ${part}`] : []));
		super(
			`Task ${taskId} was not finished within ${Math.round(timeoutMs / 1000)} seconds${told.join('')}`,
			{
				description: `It goes on at Vtrix and is charged once. Fetch its images later with the resource 'Task', operation 'Get' and the task ID ${taskId}, or raise 'Timeout'.`,
				...last.details,
				taskIds: [taskId],
			},
		);
	}
}

/** What the last polls brought, told when the time is over. */
export interface LastPolls {
	status?: string;
	said?: string;
	/** Why the very last polls brought no state, if they did not. */
	unanswered?: string;
	details?: ErrorDetails;
}

/** A finished image could not be fetched. */
export class DownloadError extends VtrixError {}

/** n8n recognizes a stop by the word "canceled" and stores the text with the execution. */
export class StoppedError extends VtrixError {
	/** @param told the `unknown` creations that are told elsewhere in the same text */
	constructor(
		taskIds: readonly string[],
		unknown: readonly string[] = [],
		told: readonly string[] = [],
	) {
		const untold = new Set(unknown.filter((reason) => !told.includes(reason)));
		super(
			taskIds.length === 0
				? 'The run was canceled'
				: `The run was canceled while ${taskIds.length === 1 ? 'this task was' : 'these tasks were'} still running at Vtrix: ${taskIds.join(', ')}`,
			{
				description: [
					taskIds.length === 0 &&
						unknown.length + told.length === 0 &&
						'No task is running at Vtrix because of it.',
					taskIds.length > 0 &&
						"Fetch the images later with the resource 'Task' and the operation 'Get'.",
					unknown.length + told.length > 0 &&
						'Look at the usage on your Vtrix account before you run it again.',
					...Array.from(untold, mayBeCreated),
				]
					.filter(Boolean)
					.join(' '),
				taskIds,
			},
		);
	}
}

/** Another item failed before this one's task was created, so the run ends without it. */
export class NotStartedError extends VtrixError {
	constructor() {
		super('Not started, because another item failed', {
			description: 'Nothing was sent and nothing was charged for this item.',
		});
	}
}

/** n8n started the execution again from the beginning, and no longer knows what is paid for. */
export class RestartedError extends VtrixError {
	constructor() {
		super('Not created, because n8n started this execution a second time, as after a lost worker', {
			description:
				"The first start may have paid for tasks: n8n's log of that time names each as 'Vtrix task created', and the resource 'Task' with the operation 'Get' fetches their images. Run the workflow again for the others. On n8n 1 set QUEUE_WORKER_MAX_STALLED_COUNT to 0, so that nothing is started twice.",
		});
	}
}

/** The spending limit was reached before this item's turn. */
export class SpendingLimitError extends VtrixError {
	/** @param underWay tasks whose cost is not known yet */
	constructor(limit: number, spent: number, underWay: number) {
		const tasks =
			underWay === 0
				? 'no task is under way'
				: `${underWay} ${underWay === 1 ? 'task is' : 'tasks are'} under way`;
		super(
			`Not generated: the spending limit of $${limit} was reached, $${Number(spent.toFixed(6))} is spent and ${tasks}`,
			{
				description:
					"The limit counts all tasks of this node in the execution. Raise 'Spending Limit', or run the remaining items again.",
			},
		);
	}
}
