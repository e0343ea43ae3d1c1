/** What the gateway answers when it refuses. */
export interface Refusal {
	status: number;
	body: Record<string, unknown>;
}

/** The forms in which services write what they refuse. */
export type RefusalForm =
	| '{"message": …}'
	| '{"detail": …}'
	| '{"error": text}'
	| '{"error": {code, message}}'
	| '{"status": {code, message}}'
	| 'another form';

/** No key, or a wrong one. */
export const keyRefused = (sent: boolean): Refusal => ({
	status: 401,
	body: { message: sent ? 'the API key is not valid' : 'no API key was sent' },
});

/** A task that does not exist, or belongs to somebody else. */
export const taskUnknown = (): Refusal => ({ status: 404, body: { error: 'task not found' } });

/** A creation that breaks a rule of the model's page. */
export const requestRefused = (code: string, message: string): Refusal => ({
	status: 400,
	body: { error: { code, message } },
});

/** The same refusal in the envelope that other parts of the platform use. */
export function enveloped({ status, body }: Refusal): Refusal {
	const { message, error } = body;
	const inner = typeof error === 'object' && error !== null ? { ...error } : { message: error };
	return {
		status,
		body: { status: { message, ...inner, code: status }, data: null },
	};
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** In which form a body tells a refusal. */
export function formOf(body: unknown): RefusalForm {
	if (!isObject(body)) return 'another form';
	if (isObject(body.status)) return '{"status": {code, message}}';
	if (isObject(body.error)) return '{"error": {code, message}}';
	if (typeof body.error === 'string') return '{"error": text}';
	if (typeof body.message === 'string') return '{"message": …}';
	if (typeof body.detail === 'string') return '{"detail": …}';
	return 'another form';
}
