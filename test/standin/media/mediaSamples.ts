import sharp from 'sharp';

/** Kinds of files beside its own pictures that the stand-in serves. */
export const MEDIA_KINDS = [
	'aac',
	'avif',
	'bin',
	'flac',
	'glb',
	'heic',
	'html',
	'json',
	'mov',
	'mp3',
	'mp4',
	'ogg',
	'pdf',
	'svg',
	'txt',
	'wav',
	'webm',
	'zip',
] as const;

export type MediaKind = (typeof MEDIA_KINDS)[number];

/** What a server calls the kinds, where that is not simply `application/<kind>`. */
const TYPES: Partial<Record<MediaKind, string>> = {
	aac: 'audio/aac',
	avif: 'image/avif',
	bin: 'application/octet-stream',
	flac: 'audio/flac',
	glb: 'model/gltf-binary',
	heic: 'image/heic',
	html: 'text/html; charset=utf-8',
	mov: 'video/quicktime',
	mp3: 'audio/mpeg',
	mp4: 'video/mp4',
	ogg: 'audio/ogg',
	svg: 'image/svg+xml',
	txt: 'text/plain',
	wav: 'audio/wav',
	webm: 'video/webm',
};

export const mediaType = (kind: MediaKind): string => TYPES[kind] ?? `application/${kind}`;

/** What `type` says of an entry of this kind: the platform has three words. */
export function entryType(kind: MediaKind): 'image' | 'video' | 'audio' {
	const [family] = mediaType(kind).split('/');
	return family === 'video' || family === 'audio' ? family : 'image';
}

/** Pixels of the samples that are pictures. */
export const SAMPLE_SIZE = { width: 40, height: 30 };

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A box of an ISO media file. */
function box(type: string, ...content: Buffer[]): Buffer {
	const head = Buffer.alloc(8);
	head.writeUInt32BE(8 + content.reduce((sum, { length }) => sum + length, 0));
	head.write(type, 4, 'latin1');
	return Buffer.concat([head, ...content]);
}

const isoFile = (brand: string, compatible: string): Buffer =>
	Buffer.concat([
		box('ftyp', latin1(`${brand}\0\0\x02\0${compatible}`)),
		box('moov', box('mvhd', Buffer.alloc(100))),
		box('mdat', Buffer.alloc(2000, 0x5a)),
	]);

/** HEVC pictures cannot be made here: the beginning of one, as far as readers look. */
function heic(): Buffer {
	const size = Buffer.alloc(12);
	size.writeUInt32BE(SAMPLE_SIZE.width, 4);
	size.writeUInt32BE(SAMPLE_SIZE.height, 8);
	const thumbnail = Buffer.alloc(12);
	thumbnail.writeUInt32BE(8, 4);
	thumbnail.writeUInt32BE(6, 8);
	const properties = box('ipco', box('ispe', thumbnail), box('ispe', size));
	return Buffer.concat([
		box('ftyp', latin1('heic\0\0\0\0mif1heic')),
		box('meta', Buffer.alloc(4), box('iprp', properties)),
		box('mdat', Buffer.alloc(2000, 0x5a)),
	]);
}

function wav(): Buffer {
	const head = Buffer.alloc(44);
	head.write('RIFF', 0, 'latin1');
	head.writeUInt32LE(36 + 800, 4);
	head.write('WAVEfmt ', 8, 'latin1');
	head.writeUInt32LE(16, 16);
	head.writeUInt16LE(1, 20);
	head.writeUInt16LE(1, 22);
	head.writeUInt32LE(8000, 24);
	head.writeUInt32LE(8000, 28);
	head.writeUInt16LE(1, 32);
	head.writeUInt16LE(8, 34);
	head.write('data', 36, 'latin1');
	head.writeUInt32LE(800, 40);
	return Buffer.concat([head, Buffer.alloc(800, 0x80)]);
}

const { width, height } = SAMPLE_SIZE;

const SAMPLES: Record<MediaKind, () => Buffer | Promise<Buffer>> = {
	aac: () => Buffer.concat([latin1('\xff\xf1\x50\x80\x02\x1f\xfc'), Buffer.alloc(500, 0x21)]),
	avif: async () =>
		await sharp({ create: { width, height, channels: 3, background: '#2a6f97' } })
			.avif()
			.toBuffer(),
	bin: () => Buffer.concat([latin1('\x01\x02\x03\x04'), Buffer.alloc(1000, 0xee)]),
	flac: () => Buffer.concat([latin1('fLaC\x80\0\0\x22'), Buffer.alloc(500)]),
	glb: () => Buffer.concat([latin1('glTF\x02\0\0\0\x20\x02\0\0'), Buffer.alloc(532)]),
	heic,
	html: () => latin1('<!doctype html><title>Sign in</title><h1>Please sign in</h1>'),
	json: () => latin1('{"frames": [1, 2, 3], "text": "a caption"}'),
	mov: () => isoFile('qt  ', 'qt  '),
	mp3: () => Buffer.concat([latin1('ID3\x04\0\0\0\0\0\0\xff\xfb\x90\x64'), Buffer.alloc(500)]),
	mp4: () => isoFile('isom', 'isomiso2avc1mp41'),
	ogg: () =>
		Buffer.concat([
			latin1('OggS\0\x02'),
			Buffer.alloc(21),
			latin1('\x1e\x01vorbis'),
			Buffer.alloc(500),
		]),
	pdf: () => latin1('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n'),
	svg: () =>
		latin1(
			`<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><rect width="9" height="9"/></svg>\n`,
		),
	txt: () => latin1('A line of text.\nAnd another one.\n'),
	wav,
	webm: () =>
		Buffer.concat([
			latin1('\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm'),
			Buffer.alloc(500),
		]),
	zip: () =>
		Buffer.concat([
			latin1('PK\x03\x04'),
			Buffer.alloc(500),
			latin1('PK\x05\x06'),
			Buffer.alloc(18),
		]),
};

const samples = new Map<MediaKind, Promise<Buffer>>();

/** A file of that kind, as small as it can be told by its bytes. */
export async function mediaSample(kind: MediaKind): Promise<Buffer> {
	const known = samples.get(kind) ?? Promise.resolve(SAMPLES[kind]());
	samples.set(kind, known);
	return await known;
}
