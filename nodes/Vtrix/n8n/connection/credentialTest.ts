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
import { networkReason } from '../../core/exchange/http/networkErrors';
import { formatReferences } from '../../core/exchange/answers/errorInfo';

/** A task that does not exist: polling it is free, and only a valid key gets that answer. */
const NO_TASK = 'n8n-credential-test';
const NO_TASK_PATH = `/model/v1/generation/task/${NO_TASK}`;
const TIMEOUT_MS = 15_000;

const dataSchema = z.object({ apiKey: z.string().default(''), baseUrl: z.string().default('') });
const answerSchema = z.object({
	statusCode: z.number(),
	body: z.unknown(),
	headers: z.record(z.string(), z.unknown()).catch({}),
});

const bad = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });

/**
 * Tests a credential: distinguishes a valid key, an invalid one, and a server that is not there.
 */
export async function vtrixApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const { apiKey, baseUrl } = dataSchema.parse(credential.data ?? {});
	if (cleanApiKey(apiKey) === '') return bad('Enter an API key');
	const key = parseApiKey(apiKey);
	if ('problem' in key) return bad(`The API key ${key.problem}`);
	const parsed = parseBaseUrl(baseUrl);
	if ('problem' in parsed) return bad(`The Base URL is not usable. ${parsed.problem}`);
	const host = new URL(parsed.baseUrl).host;
	// Credential tests get no other request function from n8n.
	const { helpers } = this;
	const answer: unknown = await helpers
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
		.catch((error: unknown) =>
			bad(`${host} could not be reached: ${networkReason(error)}. Check the Base URL.`),
		);
	const failed = z.object({ status: z.literal('Error'), message: z.string() }).safeParse(answer);
	if (failed.success) return failed.data;
	const { statusCode, body, headers } = answerSchema.parse(answer);
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
	if (read.kind === 'task') return { status: 'OK', message: 'The key works' };
	const status = read.kind === 'refused' ? read.status : statusCode;
	const words = info.reason ?? page;
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
	const { message, advice } = statusAdvice(status);
	return bad(`${message} (HTTP ${status}). ${advice} ${said}`.trim());
}
