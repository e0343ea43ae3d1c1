import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { z } from 'zod/v3';
import { cleanApiKey, parseApiKey, redactorFor } from '../../core/exchange/apiKey';
import { readAnswer, errorInfoOf } from '../../core/exchange/answers/answer';
import { isUnknownTask } from '../../core/exchange/answers/unknownTask';
import { parseBaseUrl } from '../../core/exchange/http/url';
import { statusAdvice } from '../../core/exchange/statusAdvice';
import { networkAdvice, networkReason, ProxyError } from '../../core/exchange/http/networkErrors';
import { formatReferences } from '../../core/exchange/answers/errorInfo';
import { isFromProxy } from './transport';

/** A task that does not exist: polling it is free, and only a valid key gets that answer. */
const NO_TASK = 'n8n-credential-test';
const NO_TASK_PATH = `/model/v1/generation/task/${NO_TASK}`;
const TIMEOUT_MS = 15_000;

const answerSchema = z.object({
	statusCode: z.number(),
	body: z.unknown(),
	headers: z.record(z.string(), z.unknown()).catch({}),
	request: z.unknown(),
});

const bad = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });

const unreachable = (host: string, error: unknown): INodeCredentialTestResult => {
	const advice = ['Check the Base URL.', networkAdvice(error)].filter(Boolean).join(' ');
	return bad(`${host} could not be reached: ${networkReason(error)}. ${advice}`);
};

/** What is wrong with fields that an expression makes no text, as a sentence. */
function noTextIn(fields: Record<string, unknown>): string | undefined {
	const [name, value] = Object.entries(fields).find(([, given]) => typeof given !== 'string') ?? [];
	if (name === undefined) return undefined;
	return value === null || value === undefined
		? `The ${name} is empty: its expression gives nothing here, as one that reads an item has a value in a run only`
		: `The ${name} must be text, its expression gives ${Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`}`;
}

/**
 * Tests a credential: distinguishes a valid key, an invalid one, and a server that is not there.
 */
export async function vtrixApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const { apiKey, baseUrl } = { apiKey: '', baseUrl: '', ...credential.data };
	const noText = noTextIn({ 'API Key': apiKey, 'Base URL': baseUrl });
	if (noText !== undefined) return bad(noText);
	if (cleanApiKey(apiKey) === '') return bad('Enter an API key');
	const key = parseApiKey(apiKey);
	if ('problem' in key) return bad(`The API key ${key.problem}`);
	const parsed = parseBaseUrl(String(baseUrl));
	if ('problem' in parsed) return bad(`The Base URL is not usable. ${parsed.problem}`);
	const host = new URL(parsed.baseUrl).host;
	// Credential tests get no other request function from n8n.
	const { helpers } = this;
	const sent = await helpers
		.request({
			method: 'GET',
			uri: parsed.baseUrl + NO_TASK_PATH,
			headers: { Authorization: `Bearer ${key.apiKey}`, Accept: 'application/json' },
			timeout: TIMEOUT_MS,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			followAllRedirects: false,
		})
		.then(
			(answer: unknown) => answerSchema.parse(answer),
			(error: unknown) => ({ error }),
		);
	if ('error' in sent) return unreachable(host, sent.error);
	const { statusCode, body, headers, request } = sent;
	const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
	const requestId = headers['x-request-id'];
	const redact = redactorFor(key.apiKey);
	const read = readAnswer(statusCode, text, redact);
	const { info, page } = errorInfoOf(
		read,
		text,
		typeof requestId === 'string' ? requestId : undefined,
		redact,
	);
	if (read.kind === 'told' && read.ids.length > 0 && !read.isRefusal)
		return { status: 'OK', message: 'The key works' };
	const status = read.kind === 'refused' ? read.status : statusCode;
	const words = info.reason ?? page;
	if (isFromProxy(parsed.baseUrl, statusCode, request)) {
		return unreachable(host, new ProxyError(statusCode, words ?? ''));
	}
	const said = [words && `It says: ${words}`, formatReferences(info, status)]
		.filter(Boolean)
		.join(', ');
	if (status === 404 || (status >= 200 && status < 300)) {
		return isUnknownTask(info, NO_TASK)
			? { status: 'OK', message: 'The key works' }
			: bad(
					`${host} answered, but not as Vtrix does about a task (HTTP ${status}). Check the Base URL. ${said}`.trim(),
				);
	}
	if (status >= 300 && status < 400) return bad(`${host} redirects elsewhere. Check the Base URL.`);
	const { message, advice } = statusAdvice(status, page);
	return bad(`${message} (HTTP ${status}). ${advice} ${said}`.trim());
}
