import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v3';
import { parseBaseUrl } from '../../core/exchange/http/url';
import { parseApiKey, redactorFor } from '../../core/exchange/apiKey';
import { ByteLimit } from '../../core/exchange/throttling/byteLimit';
import { Client } from '../../core/exchange/client';
import { CreationLimit } from '../../core/exchange/throttling/creationLimit';
import { DownloadLimit } from '../../core/download/downloadLimit';
import { InvalidParametersError } from '../../core/shared/errors';
import { Ledger } from '../../core/pipeline/ledger';
import { RateLimiter } from '../../core/exchange/throttling/rateLimiter';
import type { RunContext } from '../../core/pipeline/runContext';
import { TaskDurations } from '../../core/polling/taskDurations';
import { Spending } from '../../core/pipeline/spending';
import { findErrorAdvice } from '../../models';
import type { NodeOptions } from '../form/options';
import { mostAtATime } from '../input/readOptions';
import { apiTransport, CREDENTIAL, publicTransport, realClock } from './transport';

const LEDGER = 'vtrixTasks';
/** n8n's database store holds each file that it reads. */
const MOST_BYTES_READ = 40_000_000;

const credentialSchema = z.object({ apiKey: z.string(), baseUrl: z.string() });
const entriesSchema = z.record(z.string(), z.unknown());

/** Reads the credential once: the address of the API, and how to redact its key. */
async function readCredential(context: IExecuteFunctions) {
	const credentials = await context.getCredentials(CREDENTIAL);
	const { apiKey, baseUrl } = credentialSchema.parse(credentials);
	const parsed = parseBaseUrl(baseUrl);
	if ('problem' in parsed) throw refusal('Base URL', `is not usable. ${parsed.problem}`);
	const key = parseApiKey(apiKey);
	if ('problem' in key) throw refusal('API Key', key.problem);
	return { credentials, baseUrl: parsed.baseUrl, redact: redactorFor(key.apiKey) };
}

const refusal = (field: string, message: string) =>
	new InvalidParametersError([{ label: `${field} of the credential:`, message }], { scope: 'run' });

/** The execution's own record of what is paid for; n8n stores it with the execution's data. */
function openLedger(context: IExecuteFunctions): Ledger {
	const kept = context.getContext('node');
	const known = entriesSchema.safeParse(kept[LEDGER]);
	const entries = known.success ? known.data : {};
	kept[LEDGER] = entries;
	return new Ledger(entries, String(context.evaluateExpression('{{ $runIndex }}', 0)));
}

/** Sets up what all items of this run of the node share. */
export async function createRunContext(
	context: IExecuteFunctions,
	options: Pick<NodeOptions, 'maxConcurrency' | 'maxPollsPerSecond' | 'spendingLimit'>,
): Promise<RunContext> {
	const { credentials, baseUrl, redact } = await readCredential(context);
	const signal = context.getExecutionCancelSignal();
	const clock = realClock(signal);
	const random = Math.random;
	const http = {
		api: apiTransport(context, baseUrl, credentials),
		fetch: publicTransport(context),
	};
	const progress = { stopCreating: false, itemsNotStarted: context.getInputData().length };
	const rateLimiter = new RateLimiter(clock, options.maxPollsPerSecond, random, signal);
	const creationLimit = new CreationLimit(clock, mostAtATime(options), random, signal);
	const queue = {
		/** Items that wait for the end of a task before their own can be created. */
		get itemsNotStarted() {
			return progress.itemsNotStarted + creationLimit.heldBack;
		},
	};
	const shared = { clock, ...(signal && { signal }) };
	return {
		...shared,
		random,
		client: new Client({
			...shared,
			random,
			http,
			rateLimiter,
			creationLimit,
			redact,
			adviceFor: findErrorAdvice,
		}),
		creationLimit,
		ledger: openLedger(context),
		executionId: String(context.getExecutionId()),
		progress,
		durations: new TaskDurations(rateLimiter, queue),
		spending: new Spending(options.spendingLimit),
		publicFetch: { ...shared, http, baseUrl, redact },
		fileReading: new ByteLimit(MOST_BYTES_READ),
		downloadLimit: new DownloadLimit(),
		adviceFor: findErrorAdvice,
		log: (message, details) => context.logger.info(message, details),
		debug: (message, details) => context.logger.debug(message, details),
	};
}
