import { pause, sendJson, sendText } from '../server/exchange';
import type { Exchange } from '../server/exchange';
import type { AnswerFault, DownloadFault } from './schemas';

/** The faults that every request can meet. */
export type CommonFault = Extract<AnswerFault, { type: DownloadFault['type'] }>;

type RedirectTarget = Extract<CommonFault, { type: 'redirect' }>['to'];

/** @returns whether that was the whole answer; 'delay' leaves it to be given */
export async function sendCommonFault(exchange: Exchange, fault: CommonFault): Promise<boolean> {
	const { request, response, world } = exchange;
	switch (fault.type) {
		case 'status':
			sendStatus(exchange, fault);
			return true;
		case 'reset':
			if (fault.rst) request.socket.resetAndDestroy();
			else request.socket.destroy();
			return true;
		case 'hang':
			// ends with the client, or when the stand-in is closed
			return true;
		case 'delay':
			await pause(response, fault.ms);
			return false;
		case 'redirect':
			sendText(response, fault.code ?? 302, '', { location: target(exchange, fault.to) });
			return true;
		case 'echoKey': {
			const key = request.headers.authorization ?? world.settings.apiKey;
			const message = `not allowed for ${key}`;
			sendJson(response, fault.code ?? 403, { error: { code: 'forbidden', message } });
			return true;
		}
	}
}

function sendStatus(
	{ response, world }: Exchange,
	{
		code,
		body,
		headers,
		retryAfterSeconds,
		retryAfterForm,
	}: Extract<CommonFault, { type: 'status' }>,
): void {
	const answer = body === undefined ? { message: `stand-in answers ${code}` } : body;
	const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
	const contentType = text.startsWith('<') ? 'text/html; charset=utf-8' : 'application/json';
	sendText(response, code, text, {
		'content-type': contentType,
		...(retryAfterSeconds === undefined
			? {}
			: { 'retry-after': retryAfter(world.settings.now(), retryAfterSeconds, retryAfterForm) }),
		...headers,
	});
}

function retryAfter(now: number, seconds: number, form: 'seconds' | 'date' = 'seconds'): string {
	if (form === 'seconds') return String(seconds);
	return new Date(now + seconds * 1000).toUTCString();
}

function target({ record, world }: Exchange, to: RedirectTarget): string {
	const here = world.origins[record.server];
	switch (to) {
		case 'same-origin':
			return `${here}/moved${record.url}`;
		case 'cross-origin':
			return world.origins.mirror + record.url;
		case 'loop':
			return `${here}/loop${record.url}`;
		case 'file':
			return 'file:///etc/passwd';
	}
}
