import type { ImageFile } from '../images/imageFile';
import { mediaSample, mediaType } from '../media/mediaSamples';
import { pause, sendText, writePieces } from '../server/exchange';
import type { Exchange } from '../server/exchange';
import { sendCommonFault } from './commonFaults';
import type { DownloadFault } from './schemas';

const ZEROS = Buffer.alloc(1_000_000);
const DRIPS_PER_SECOND = 20;

/** The image that a request is for, with its type. */
export interface ServedImage {
	file: ImageFile;
	contentType: string;
	/** The same picture in the other format. */
	otherFormat: () => Promise<ImageFile>;
}

/** Sends the image as the fault has it. */
export async function sendImage(
	exchange: Exchange,
	fault: DownloadFault | undefined,
	image: ServedImage,
): Promise<void> {
	const { response } = exchange;
	const { file, contentType } = image;
	const typed = { 'content-type': contentType };
	const length = file.length;
	if (fault === undefined) {
		await sendFile(exchange, file, { ...typed, 'content-length': String(length) });
		return;
	}
	switch (fault.type) {
		case 'truncated':
			await sendTruncated(exchange, image, fault.how ?? 'aborted');
			return;
		case 'empty':
			sendText(response, 200, '', typed);
			return;
		case 'html':
			sendText(response, 200, '<!doctype html><title>Sign in</title><h1>Please sign in</h1>', {
				'content-type': fault.contentType ?? 'text/html; charset=utf-8',
			});
			return;
		case 'garbage':
			sendText(response, 200, 'these bytes are no image '.repeat(40), typed);
			return;
		case 'contentType':
			await sendFile(exchange, file, {
				...(fault.value === '' ? {} : { 'content-type': fault.value }),
				'content-length': String(length),
			});
			return;
		case 'otherFormat': {
			const other = await image.otherFormat();
			await sendFile(exchange, other, { ...typed, 'content-length': String(other.length) });
			return;
		}
		case 'contentLength':
			// with fewer bytes than announced the connection has to end for the client to see it
			await sendFile(exchange, file, {
				...typed,
				'content-length': String(Math.max(0, length + fault.delta)),
				connection: 'close',
			});
			response.destroy();
			return;
		case 'chunked':
			await sendFile(exchange, file, typed);
			return;
		case 'endless': {
			const { megabytes = Infinity, announce = false } = fault;
			const announced = Number.isFinite(megabytes) ? megabytes : 1_000_000;
			const total = String(length + Math.ceil(announced) * ZEROS.length);
			response.writeHead(200, { ...typed, ...(announce ? { 'content-length': total } : {}) });
			await writePieces(response, endless(file, megabytes));
			response.end();
			return;
		}
		case 'slowDrip':
			response.writeHead(200, { ...typed, 'content-length': String(length) });
			await writePieces(response, drips(exchange, file, fault.bytesPerSecond ?? 1000));
			response.end();
			return;
		case 'media': {
			const sample = await mediaSample(fault.kind);
			const type = fault.contentType ?? mediaType(fault.kind);
			await sendFile(
				exchange,
				{ pieces: [sample], length: sample.length },
				{
					...(type === '' ? {} : { 'content-type': type }),
					'content-length': String(sample.length),
				},
			);
			return;
		}
		case 'noEnd': {
			const kept = length - (contentType === 'image/png' ? 12 : 2);
			const pieces = [...start(file, kept)];
			await sendFile(
				exchange,
				{ pieces, length: kept },
				{ ...typed, 'content-length': String(kept) },
			);
			return;
		}
		case 'tail': {
			const whole = length + fault.bytes;
			const pieces = [...file.pieces, Buffer.alloc(fault.bytes, 0x20)];
			await sendFile(
				exchange,
				{ pieces, length: whole },
				{ ...typed, 'content-length': String(whole) },
			);
			return;
		}
		case 'expired':
			sendText(
				response,
				403,
				'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
				{ 'content-type': 'application/xml' },
			);
			return;
		default:
			if (!(await sendCommonFault(exchange, fault))) await sendImage(exchange, undefined, image);
	}
}

async function sendFile(
	{ request, response }: Exchange,
	file: ImageFile,
	headers: Record<string, string>,
): Promise<void> {
	if (response.destroyed) return;
	response.writeHead(200, headers);
	if (request.method !== 'HEAD') await writePieces(response, file.pieces);
	response.end();
}

async function sendTruncated(
	exchange: Exchange,
	{ file, contentType }: ServedImage,
	how: 'aborted' | 'chunked' | 'consistent',
): Promise<void> {
	const { response } = exchange;
	const half = Math.floor(file.length / 2);
	const announced = { aborted: file.length, chunked: undefined, consistent: half }[how];
	response.writeHead(200, {
		'content-type': contentType,
		...(announced === undefined ? {} : { 'content-length': String(announced) }),
	});
	await writePieces(response, start(file, half));
	if (how === 'consistent') response.end();
	// a moment, so that the half arrives before the end of the connection does
	else await pause(response, 10).then(() => response.destroy());
}

function* start(file: ImageFile, bytes: number): Iterable<Buffer> {
	let left = bytes;
	for (const piece of file.pieces) {
		if (left <= 0) return;
		yield piece.subarray(0, left);
		left -= piece.length;
	}
}

function* endless(file: ImageFile, megabytes: number): Iterable<Buffer> {
	yield* file.pieces;
	for (let sent = 0; sent < megabytes; sent += 1) yield ZEROS;
}

async function* drips(
	{ response }: Exchange,
	file: ImageFile,
	bytesPerSecond: number,
): AsyncIterable<Buffer> {
	const drip = Math.max(1, Math.round(bytesPerSecond / DRIPS_PER_SECOND));
	for (const piece of file.pieces) {
		for (let at = 0; at < piece.length && !response.destroyed; at += drip) {
			yield piece.subarray(at, at + drip);
			await pause(response, 1000 / DRIPS_PER_SECOND);
		}
	}
}
