import { DownloadError } from '../shared/errors';
import type { FoundImage, KeepImage } from '../exchange/answers/answerReader';
import { toByteStream } from '../exchange/http/byteStream';
import { networkReason } from '../exchange/http/networkErrors';
import { AttemptError } from '../exchange/publicFetch';
import type { ResultKind } from '../imageFile/mediaKind';
import { storeStream, type ImagePlace, type ImageStore, type Picture } from './imageStream';

/** Stands for the task's id in a file name, if the id comes after the images. */
const NOT_YET_KNOWN = 'task';

/** The images of one task that come inside an answer, stored as they arrive. */
export class InlineImages<Stored> {
	private readonly outcomes: Array<{ picture: Picture<Stored> } | { reason: string }> = [];

	constructor(private readonly parts: { imageStore: ImageStore<Stored>; kind: ResultKind }) {}

	readonly keep: KeepImage = async (pieces, found) => {
		const outcome = await this.store(pieces, found).then(
			(picture) => ({ picture }),
			(error: unknown) => ({
				reason: error instanceof AttemptError ? error.message : networkReason(error),
			}),
		);
		return this.outcomes.push(outcome) - 1;
	};

	/** The image that was stored under a number, or why it could not be. */
	get(
		number: number,
		place: ImagePlace,
	): { picture: Picture<Stored> } | { problem: DownloadError } {
		const outcome = this.outcomes[number] ?? { reason: 'the answer does not hold it' };
		if ('picture' in outcome)
			return { picture: this.parts.imageStore.rename(outcome.picture, place) };
		const { taskId } = place;
		const problem = new DownloadError(
			`An image of task ${taskId} could not be kept: ${outcome.reason}`,
			{
				description: `It is finished and paid for. Fetch it again with the resource 'Task', operation 'Get' and the task ID ${taskId}.`,
				taskIds: [taskId],
			},
		);
		return { problem };
	}

	private async store(
		pieces: AsyncIterable<Buffer>,
		{ index, taskId = NOT_YET_KNOWN }: FoundImage,
	): Promise<Picture<Stored>> {
		const stream = toByteStream(pieces);
		// It fails when the answer breaks off; without a listener that error would end the n8n process.
		stream.on('error', () => {});
		try {
			// An incomplete answer is discarded as a whole, so the end of a single image needs no check.
			const { imageStore, kind } = this.parts;
			const source = { contentType: '', path: '' };
			const incoming = { announced: undefined, kind, isQuotable: true, ...source };
			const store = imageStore.storeFor({ taskId, index: index + 1, total: 1 });
			const { header, bytes, stored } = await storeStream(stream, incoming, () => {}, store);
			return { header, bytes, stored };
		} finally {
			stream.destroy();
		}
	}
}
