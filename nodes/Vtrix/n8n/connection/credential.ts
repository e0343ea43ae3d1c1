import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v3';
import { parseApiKey, redactorFor } from '../../core/exchange/apiKey';
import { parseBaseUrl } from '../../core/exchange/http/url';
import { InvalidParametersError } from '../../core/shared/errors';
import { CREDENTIAL } from './transport';

/** A credential whose fields are usable. */
export interface Credential {
	/** As n8n gives it, to authenticate requests with. */
	data: ICredentialDataDecryptedObject;
	apiKey: string;
	baseUrl: string;
	/** Removes the key from text. */
	redact: (text: string) => string;
}

/**
 * Reads the credential as it is for an item: its fields may hold expressions.
 *
 * @throws InvalidParametersError for a field that is not usable, and n8n's error if it has no such
 * credential
 */
export async function readCredential(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<Credential> {
	const data = await context.getCredentials(CREDENTIAL, itemIndex);
	const base = parseBaseUrl(textOf('Base URL', data.baseUrl));
	if ('problem' in base) throw unusable('Base URL', `is not usable. ${base.problem}`);
	const key = parseApiKey(textOf('API Key', data.apiKey));
	if ('problem' in key) throw unusable('API Key', key.problem);
	return { data, ...base, ...key, redact: redactorFor(key.apiKey) };
}

/** The text of a field; what an expression gives instead may be a key and is not shown. */
function textOf(field: string, value: unknown): string {
	const text = z.string().safeParse(value ?? '');
	if (!text.success) {
		const kind = typeof value === 'number' ? 'a number' : 'not text';
		throw unusable(field, `is ${kind}. Let its expression give text, or enter the text itself.`);
	}
	if (text.data.trim() !== '') return text.data;
	throw unusable(
		field,
		'is empty. Enter it, or look at its expression: it gives nothing for this item.',
	);
}

const unusable = (field: string, message: string) =>
	new InvalidParametersError([{ label: `${field} of the credential:`, message }]);
