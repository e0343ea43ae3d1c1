import { watchSource } from '../../shared/pieces';

/** A body that is read from its sources while it is sent, again for each sending. */
export interface StreamedBody {
	readonly byteLength: number;
	/** The body from its first byte on, in pieces; exactly as long as announced, or it fails. */
	open(): AsyncIterable<Buffer>;
}

/** Whole, or opened anew for each try. */
export type RequestBody = Buffer | StreamedBody;

/** One sending of a body, and how far it got. */
export class Sending {
	readonly body: RequestBody;
	failure: { error: unknown } | undefined;
	private bytesLeft: number;

	/** @param onSent called once all of a streamed body was passed to the connection */
	constructor(body: RequestBody, onSent: () => void) {
		const isStreamed = !Buffer.isBuffer(body);
		this.bytesLeft = isStreamed ? body.byteLength : 0;
		this.body = isStreamed
			? { byteLength: body.byteLength, open: () => this.watch(body.open(), onSent) }
			: body;
	}

	/** Whether part of the body never reached the connection: the API cannot have all of it. */
	get isIncomplete(): boolean {
		return this.bytesLeft > 0;
	}

	private async *watch(body: AsyncIterable<Buffer>, onSent: () => void): AsyncGenerator<Buffer> {
		const pieces = watchSource(body, (error) => {
			this.failure = { error };
			return error;
		});
		for await (const piece of pieces) {
			this.bytesLeft -= piece.length;
			yield piece;
		}
		onSent();
	}
}
