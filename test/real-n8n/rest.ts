import type { ZodType, ZodTypeDef } from 'zod';

/** n8n refused a call of its internal API. */
export class RestError extends Error {
	constructor(
		readonly status: number,
		call: string,
		text: string,
	) {
		super(`${call} was answered ${status}: ${text.slice(0, 1500)}`);
		this.name = 'RestError';
	}
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** The internal API that the n8n editor itself uses, signed in by cookie. */
export class Rest {
	/** The session cookie as `name=value`, empty before the sign-in. */
	cookie = '';

	/** @param origin tells n8n's address, which may change with a restart */
	constructor(private readonly origin: () => string) {}

	/** Sends a request and gives the answer as it came. */
	async send(method: Method, route: string, body?: unknown) {
		const response = await fetch(`${this.origin()}${route}`, {
			method,
			headers: {
				...(this.cookie && { cookie: this.cookie }),
				...(body !== undefined && { 'content-type': 'application/json' }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const session = response.headers.getSetCookie().find((c) => c.startsWith('n8n-auth='));
		if (session) this.cookie = session.split(';')[0];
		return response;
	}

	/**
	 * Calls `/rest<route>` and gives what is in the answer's `data`, checked by the schema.
	 * @throws {RestError} for every answer that is not 2xx
	 */
	async call<T>(
		method: Method,
		route: string,
		schema: ZodType<T, ZodTypeDef, unknown>,
		body?: unknown,
	): Promise<T> {
		const response = await this.send(method, `/rest${route}`, body);
		const text = await response.text();
		if (!response.ok) throw new RestError(response.status, `${method} ${route}`, text);
		const answer: unknown = text ? JSON.parse(text) : {};
		const wrapped = typeof answer === 'object' && answer !== null && 'data' in answer;
		return schema.parse(wrapped ? answer.data : answer);
	}
}
