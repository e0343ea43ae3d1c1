import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { parseBaseUrl } from '../core/address';
import { isSendable, redactorFor } from '../core/apiKey';
import { Client } from '../core/client';
import { DownloadLimit } from '../core/downloadLimit';
import { InvalidParametersError } from '../core/errors';
import type { Run } from '../core/generate';
import { Ledger } from '../core/ledger';
import { Pace } from '../core/pace';
import { Experience } from '../core/experience';
import { Spending } from '../core/spending';
import { findErrorAdvice } from '../models';
import type { NodeOptions } from './options';
import { apiTransport, CREDENTIAL, publicTransport, realClock } from './transport';

const DOWNLOAD_TIMEOUT_MS = 600_000;
const LEDGER = 'vtrixTasks';

const credentialSchema = z.object({ apiKey: z.string(), baseUrl: z.string() });
const entriesSchema = z.record(z.string(), z.unknown());

/** Reads the credential once: where the API is, and how to keep its key out of texts. */
async function readCredential(context: IExecuteFunctions) {
	const credentials = await context.getCredentials(CREDENTIAL);
	const { apiKey, baseUrl } = credentialSchema.parse(credentials);
	const parsed = parseBaseUrl(baseUrl);
	if ('problem' in parsed) {
		throw new InvalidParametersError([
			{ label: 'Base URL of the credential:', message: `is not usable. ${parsed.problem}` },
		]);
	}
	if (!isSendable(apiKey)) {
		throw new InvalidParametersError([
			{
				label: 'API Key of the credential:',
				message: 'holds characters that no key has. Copy it once more from your Vtrix account.',
			},
		]);
	}
	return { credentials, baseUrl: parsed.baseUrl, redact: redactorFor(apiKey) };
}

/** The execution's own notes on what is paid for; n8n keeps them with the execution's data. */
function openLedger(context: IExecuteFunctions): Ledger {
	const kept = context.getContext('node');
	const known = entriesSchema.safeParse(kept[LEDGER]);
	const entries = known.success ? known.data : {};
	kept[LEDGER] = entries;
	return new Ledger(entries, String(context.evaluateExpression('{{ $runIndex }}', 0)));
}

/** Sets up what all items of this run of the node share. */
export async function openRun(context: IExecuteFunctions, options: NodeOptions): Promise<Run> {
	const { credentials, baseUrl, redact } = await readCredential(context);
	const signal = context.getExecutionCancelSignal();
	const clock = realClock(signal);
	const random = Math.random;
	const http = {
		api: apiTransport(context, baseUrl, credentials),
		fetch: publicTransport(context),
	};
	const queue = { length: context.getInputData().length };
	const pace = new Pace(clock, options.maxPollsPerSecond);
	const shared = { clock, random, ...(signal && { signal }) };
	return {
		...shared,
		client: new Client({ ...shared, http, pace, redact, adviceFor: findErrorAdvice }),
		ledger: openLedger(context),
		executionId: String(context.getExecutionId()),
		halt: { on: false },
		queue,
		experience: new Experience(options.maxPollsPerSecond, queue),
		spending: new Spending(options.spendingLimit),
		downloads: { ...shared, http, baseUrl, timeoutMs: DOWNLOAD_TIMEOUT_MS },
		downloadLimit: new DownloadLimit(),
		adviceFor: findErrorAdvice,
		log: (message, details) => context.logger.info(message, details),
	};
}
