import { Parser } from 'probe-image-size/lib/formats/jpeg';
import { MOST_PARTS, type FormatReader } from './reader';

const START = Buffer.from([0xff, 0xd8]);
const END = Buffer.from([0xff, 0xd9]);
const SCAN = 0xda;
const EXIF = 0xe1;

interface Segment {
	marker: number;
	at: number;
	end: number;
}

/**
 * The segments up to the first scan. Like libjpeg it passes over bytes between two segments that
 * belong to neither, and stops at a marker that may not stand there.
 */
function* segments(head: Buffer): Generator<Segment> {
	let at = START.length;
	for (let found = 0; found < MOST_PARTS && at + 4 <= head.length; ) {
		const marker = head[at + 1] ?? 0;
		const hasNoContent = marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7);
		if (head[at] !== 0xff || marker === 0xff) at += 1;
		else if (hasNoContent) at += 2;
		else {
			const end = at + 2 + Math.max(2, head.readUInt16BE(at + 2));
			yield { marker, at, end };
			found += 1;
			if (marker === SCAN || !mayPrecedeScan(marker)) return;
			at = end;
		}
	}
}

const mayPrecedeScan = (marker: number): boolean =>
	marker >= 0xc0 && marker !== START[1] && marker !== END[1];

/** ITU T.81, table B.1: three of the numbers of frame headers mean something else. */
const isFrame = (marker: number): boolean =>
	marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** How often 0xFF 0x00 must occur before bytes count as scan data. */
const LEAST_STUFFED = 8;
/** Distinct byte values required: compressed data of some length has nearly all 256. */
const LEAST_VALUES = 200;

/**
 * Whether bytes from a file's end are certainly scan data, so that the file stops within a scan.
 * There, and in no other data of this length, each 0xFF is followed by 0x00, by a restart marker,
 * or (between the scans of a progressive picture) by a table or the next scan.
 */
function isInsideScan(tail: Buffer): boolean {
	let stuffed = 0;
	for (let at = tail.indexOf(0xff); at >= 0; ) {
		const next = tail[at + 1] ?? 0;
		if (next === 0) stuffed += 1;
		const isTable = next === 0xc4 || next === 0xcc || next === SCAN;
		if (next !== 0 && !(next >= 0xd0 && next <= 0xd7) && !isTable) return false;
		const length = isTable && at + 4 <= tail.length ? tail.readUInt16BE(at + 2) : 0;
		at = tail.indexOf(0xff, at + 2 + length);
	}
	return stuffed >= LEAST_STUFFED && new Set(tail).size >= LEAST_VALUES;
}

/** JPEG (ITU T.81). */
export const jpeg: FormatReader = {
	marksEnd: true,

	recognizes: (head) => head.subarray(0, START.length).equals(START),

	readSize({ head }) {
		const parser = new Parser();
		parser.push(START);
		// There may be megabytes of other metadata before the frame.
		for (const { marker, at, end } of segments(head)) {
			if (marker === EXIF || isFrame(marker)) parser.push(head.subarray(at, end));
			if (parser.result) return parser.result;
		}
		return undefined;
	},

	withoutMetadata(head) {
		const kept: Buffer[] = [head.subarray(0, START.length)];
		let next = START.length;
		let isFirstExif = true;
		for (const { marker, at, end } of segments(head)) {
			if (!mayPrecedeScan(marker) || isFrame(marker) || marker === SCAN) return undefined;
			// What follows the first one under the same marker is no EXIF.
			if (marker === EXIF && isFirstExif) kept.push(head.subarray(at, end));
			isFirstExif &&= marker !== EXIF;
			next = end;
		}
		// Without a segment to leave out, reading on would not end.
		if (next < head.length / 2) return undefined;
		return {
			head: Buffer.concat([...kept, head.subarray(next)]),
			skip: Math.max(0, next - head.length),
		};
	},

	isCutOff({ head, tail, isWhole }) {
		let last: Segment | undefined;
		for (const segment of segments(head)) last = segment;
		if (last && !mayPrecedeScan(last.marker)) return undefined;
		// Before the scan there may be a thumbnail with an end of its own.
		const from = last?.marker === SCAN ? last.end : head.length;
		if (head.indexOf(END, from) >= 0 || tail.indexOf(END) >= 0) return false;
		// After the end there may be megabytes of other data, such as a phone's video.
		return isWhole || isInsideScan(tail) || undefined;
	},
};
