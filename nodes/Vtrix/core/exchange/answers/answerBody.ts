import { AnswerReader, type KeepImage } from './answerReader';
import type { ByteStream } from '../http/http';
import { endWhenSilent, TooLargeError } from '../http/readBody';

/** Largest answer, bytes: 15 images as base64. */
const LARGEST_ANSWER_BYTES = 400_000_000;
/** An answer that brings less than this in the time allowed for silence counts as silent. */
const PROGRESS_BYTES = 64 * 1024;

/** How an answer is read that may have images inside. */
export interface AnswerReading {
	/** Longest silence, milliseconds; the body is ended after this time or up to twice that. */
	silenceMs: number;
	keepImage: KeepImage;
}

/** Hands each image inside an answer to `keepImage`; a mark takes its place. @throws TooLargeError */
export async function readAnswerBody(
	body: ByteStream,
	{ silenceMs, keepImage }: AnswerReading,
): Promise<string> {
	const chunks = watchedChunks(body, silenceMs);
	try {
		return await new AnswerReader(chunks, keepImage).read();
	} finally {
		await chunks.return(undefined);
	}
}

/** A body's chunks, as long as they are neither too slow nor too many. */
async function* watchedChunks(body: ByteStream, silenceMs: number): AsyncGenerator<Buffer> {
	const watch = endWhenSilent(body, silenceMs);
	let [received, progress] = [0, 0];
	try {
		for await (const chunk of body) {
			received += chunk.length;
			progress += chunk.length;
			if (received > LARGEST_ANSWER_BYTES) throw new TooLargeError(LARGEST_ANSWER_BYTES);
			if (progress >= PROGRESS_BYTES) {
				progress = 0;
				watch.heard();
			}
			// Keeping an image may take longer than a silence.
			watch.pause();
			yield chunk;
			watch.resume();
		}
	} finally {
		watch.leave();
	}
}
