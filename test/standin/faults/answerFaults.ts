import { sendJson, sendText, writePieces } from '../server/exchange';
import type { Exchange } from '../server/exchange';
import { sendCommonFault } from './commonFaults';
import type { AnswerFault } from './schemas';

const MEGABYTE = Buffer.alloc(1_000_000, 'x');

/** Whether a creation that meets this fault leaves a task behind. */
export function createsTask(fault: AnswerFault): boolean {
	if (fault.type === 'delay') return true;
	if (fault.created !== undefined) return fault.created;
	return ['halfJson', 'cutJson', 'notJson', 'hugeJson'].includes(fault.type);
}

/** Whether this fault is about the account, whatever it asks for: its credit, or what it may do. */
export function refusesAccount(fault: AnswerFault): boolean {
	return fault.type === 'status' && [402, 403].includes(fault.code);
}

/** Gives the answer as the fault has it. `status` and `body` are the true answer. */
export async function sendAnswer(
	exchange: Exchange,
	fault: AnswerFault | undefined,
	{ status, body }: { status: number; body: Record<string, unknown> },
): Promise<void> {
	const { response } = exchange;
	const json = JSON.stringify(body);
	const half = json.slice(0, Math.floor(json.length / 2));
	if (fault === undefined) {
		sendJson(response, status, body);
		return;
	}
	switch (fault.type) {
		case 'halfJson':
			sendText(response, status, half, { 'content-type': 'application/json' });
			return;
		case 'cutJson':
			response.writeHead(status, {
				'content-type': 'application/json',
				'content-length': String(Buffer.byteLength(json)),
			});
			response.write(half, () => response.destroy());
			return;
		case 'notJson':
			sendText(response, 200, fault.body ?? 'OK', {
				'content-type': fault.contentType ?? 'text/plain',
			});
			return;
		case 'noId': {
			const error = fault.error === undefined ? {} : { error: fault.error };
			sendJson(response, 200, { ...body, id: undefined, ...error });
			return;
		}
		case 'hugeJson':
			response.writeHead(status, { 'content-type': 'application/json' });
			await writePieces(response, hugeJson(json, fault.megabytes));
			response.end();
			return;
		default:
			if (!(await sendCommonFault(exchange, fault))) sendJson(response, status, body);
	}
}

function* hugeJson(json: string, megabytes: number): Iterable<Buffer> {
	yield Buffer.from('{"padding":"');
	for (let left = megabytes; left > 0; left -= 1) {
		yield MEGABYTE.subarray(0, Math.ceil(Math.min(1, left) * MEGABYTE.length));
	}
	yield Buffer.from(`",${json.slice(1)}`);
}
