/** A file that no model takes. */
export interface OtherFile {
	what: string;
	bytes: Buffer;
	/** As a careless node might declare it. */
	mimeType: string;
	/** What the refusal has to call it. */
	called: string;
}

/** A box as HEIC, AVIF and MP4 files are made of them: length, type, content. */
export function box(type: string, ...content: Buffer[]): Buffer {
	const inside = Buffer.concat(content);
	const head = Buffer.alloc(8);
	head.writeUInt32BE(8 + inside.length, 0);
	head.write(type, 4, 'latin1');
	return Buffer.concat([head, inside]);
}

/** A file of the HEIC family with readable pixels. */
function heif(brand: string): Buffer {
	const size = Buffer.alloc(12);
	size.writeUInt32BE(1024, 4);
	size.writeUInt32BE(768, 8);
	const properties = box('iprp', box('ipco', box('ispe', size)));
	return Buffer.concat([
		box('ftyp', Buffer.from(`${brand}\0\0\0\0mif1${brand}`, 'latin1')),
		box('meta', Buffer.alloc(4), properties),
	]);
}

function icon(): Buffer {
	const file = Buffer.alloc(22 + 40);
	file.writeUInt16LE(1, 2); // icon
	file.writeUInt16LE(1, 4); // one picture
	file.writeUInt8(32, 6);
	file.writeUInt8(32, 7);
	file.writeUInt32LE(40, 14);
	file.writeUInt32LE(22, 18);
	return file;
}

const SVG =
	'<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"><path d="M0 0h9"/></svg>';

const text = (content: string) => Buffer.from(content, 'utf8');

/** Files that are taken for pictures, most of them with the name or type of one. */
export const otherFiles: readonly OtherFile[] = [
	{ what: 'SVG', bytes: text(SVG), mimeType: 'image/svg+xml', called: 'an SVG drawing' },
	{
		what: 'SVG with XML head',
		bytes: text(`<?xml version="1.0"?>\n<!-- drawn by hand -->\n${SVG}`),
		mimeType: 'image/png',
		called: 'an SVG drawing',
	},
	{ what: 'HEIC', bytes: heif('heic'), mimeType: 'image/jpeg', called: 'a HEIC photo' },
	{ what: 'AVIF', bytes: heif('avif'), mimeType: 'image/avif', called: 'an AVIF image' },
	{
		what: 'MP4',
		bytes: Buffer.concat([box('ftyp', text('isom')), box('mdat', Buffer.alloc(64))]),
		mimeType: 'image/gif',
		called: 'a video',
	},
	{
		what: 'PDF',
		bytes: text('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n'),
		mimeType: 'application/pdf',
		called: 'a PDF document',
	},
	{
		what: 'web page',
		bytes: text('<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>'),
		mimeType: 'image/jpeg',
		called: 'a web page',
	},
	{
		what: 'JSON',
		bytes: text('{"error": "The image you asked for does not exist"}'),
		mimeType: 'image/png',
		called: 'text',
	},
	{
		what: 'text',
		bytes: text('Nur ein Text, kein Bild. 只是文字。'),
		mimeType: 'text/plain',
		called: 'text',
	},
	{ what: 'icon', bytes: icon(), mimeType: 'image/x-icon', called: 'an icon' },
	{
		what: 'Photoshop file',
		bytes: Buffer.concat([text('8BPS'), Buffer.alloc(60)]),
		mimeType: 'image/png',
		called: 'a Photoshop file',
	},
	{
		what: 'JPEG XL',
		bytes: Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.alloc(60, 7)]),
		mimeType: 'image/jpeg',
		called: 'a JPEG XL image',
	},
	{
		what: 'ZIP archive',
		bytes: Buffer.concat([text('PK\u0003\u0004'), Buffer.alloc(60)]),
		mimeType: 'image/png',
		called: 'a ZIP archive or an Office document',
	},
	{
		what: 'zeros',
		bytes: Buffer.alloc(512),
		mimeType: 'image/png',
		called: 'not a readable image',
	},
	{ what: 'nothing', bytes: Buffer.alloc(0), mimeType: 'image/png', called: 'an empty file' },
];
