import type { ByteStream } from './http';

class SlowError extends Error {
	readonly code = 'ETIMEDOUT';
}

/** To be told of each piece, and of the end. */
export interface SilenceWatch {
	heard(): void;
	/** To be called when no piece is expected for now. */
	pause(): void;
	resume(): void;
	leave(): void;
}

/** Ends a body that is silent for `ms`, or up to twice that. */
export function endWhenSilent(body: ByteStream, ms: number): SilenceWatch {
	let silent = false;
	let paused = false;
	let period: AbortSignal;
	const listen = () => {
		if (silent && !paused) {
			body.destroy(new SlowError());
			return;
		}
		silent = !paused;
		period = AbortSignal.timeout(ms);
		period.addEventListener('abort', listen);
	};
	listen();
	return {
		heard: () => {
			silent = false;
		},
		pause: () => {
			paused = true;
		},
		resume: () => {
			paused = false;
		},
		leave: () => period.removeEventListener('abort', listen),
	};
}

/** Reads a whole body; rejects when it is larger or takes longer. */
export async function readBody(
	body: ByteStream,
	maxBytes: number,
	timeoutMs: number,
): Promise<Buffer> {
	const timeout = AbortSignal.timeout(timeoutMs);
	const end = () => body.destroy(new SlowError());
	timeout.addEventListener('abort', end);
	try {
		const chunks: Buffer[] = [];
		let length = 0;
		for await (const chunk of body) {
			length += chunk.length;
			if (length > maxBytes) return Promise.reject(new TooLargeError(maxBytes));
			chunks.push(chunk);
		}
		return Buffer.concat(chunks, length);
	} finally {
		timeout.removeEventListener('abort', end);
	}
}

/** A body was larger than allowed. */
export class TooLargeError extends Error {
	constructor(readonly maxBytes: number) {
		super(`The answer is larger than ${maxBytes} bytes`);
	}
}
