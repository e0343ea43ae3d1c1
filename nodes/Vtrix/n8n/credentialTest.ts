import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { z } from 'zod';
import { parseBaseUrl } from '../core/exchange/url';
import { statusAdvice } from '../core/exchange/statusAdvice';
import { networkReason } from '../core/exchange/networkErrors';

/** A task that does not exist: asking for it costs nothing, and only a good key learns that. */
const NO_TASK = '/model/v1/generation/task/n8n-credential-test';
const TIMEOUT_MS = 15_000;

const dataSchema = z.object({ apiKey: z.string().default(''), baseUrl: z.string().default('') });
const answerSchema = z.object({ statusCode: z.number(), body: z.unknown() });
const envelopeSchema = z.object({ status: z.object({ code: z.coerce.number() }) });

const bad = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });

/** Tells a good key from a bad one, and both from a server that is not there. */
export async function vtrixApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const { apiKey, baseUrl } = dataSchema.parse(credential.data ?? {});
	if (apiKey.trim() === '') return bad('Enter an API key');
	const parsed = parseBaseUrl(baseUrl);
	if ('problem' in parsed) return bad(`The Base URL is not usable. ${parsed.problem}`);
	const host = new URL(parsed.baseUrl).host;
	// Credential tests get no other request function from n8n.
	const { helpers } = this;
	const answer: unknown = await helpers
		.request({
			method: 'GET',
			uri: parsed.baseUrl + NO_TASK,
			headers: { Authorization: `Bearer ${apiKey}`, Accept: 'application/json' },
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
	const { statusCode, body } = answerSchema.parse(answer);
	const status = innerStatus(body) ?? statusCode;
	if (status === 404 || (status >= 200 && status < 300)) {
		return looksLikeApi(body)
			? { status: 'OK', message: 'The key works' }
			: bad(`${host} answered, but not as Vtrix does. Check the Base URL.`);
	}
	if (status >= 300 && status < 400) return bad(`${host} redirects elsewhere. Check the Base URL.`);
	const { message, advice } = statusAdvice(status);
	return bad(`${message} (HTTP ${status}). ${advice}`);
}

const parseJson = (body: unknown): unknown => {
	if (typeof body !== 'string') return body;
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
};

/** A web server that is not the API answers 404 too, with a page. */
const looksLikeApi = (body: unknown): boolean => {
	const json = parseJson(body);
	return typeof json === 'object' && json !== null;
};

/** HTTP 200 can carry the real status inside. */
const innerStatus = (body: unknown): number | undefined => {
	const envelope = envelopeSchema.safeParse(parseJson(body));
	return envelope.success ? envelope.data.status.code : undefined;
};
