/** What a file is: how it is named and typed, and the pixels of a picture where known. */
export interface FileHeader {
	extension: string;
	mimeType: string;
	width?: number;
	height?: number;
}

/** What a model makes: pictures, or files of any kind. */
export type ResultKind = 'image' | 'file';

/** An extension without its dot, and a MIME type. */
export type FileType = Pick<FileHeader, 'extension' | 'mimeType'>;

type Signature = readonly [
	/** In Latin-1. */
	beginning: RegExp,
	extension: string,
	mimeType: string,
	/** What it is called, with its article, where its type does not say it. */
	name?: string,
];

/**
 * The first bytes of file kinds other than the image formats; the first match counts. A library
 * (file-type 21) would make the package half as large again, and knows no text formats.
 */
export const SIGNATURES: readonly Signature[] = [
	[/^.{4}ftyp(avif|avis)/s, 'avif', 'image/avif', 'an AVIF image'],
	[/^.{4}ftyp(hei|hev)/s, 'heic', 'image/heic', 'a HEIC photo'],
	// Generic brands (mif1, msf1, miaf) leave the coding to the compatible brands listed after them.
	[/^.{4}ftyp.{8}(.{4}){0,15}?(avif|avis)/s, 'avif', 'image/avif', 'an AVIF image'],
	[/^.{4}ftyp.{8}(.{4}){0,15}?(hei|hev)/s, 'heic', 'image/heic', 'a HEIC photo'],
	[/^.{4}ftyp(mif1|msf1|miaf)/s, 'heif', 'image/heif', 'a HEIC photo'],
	[/^(\xff\n|.{4}JXL )/s, 'jxl', 'image/jxl', 'a JPEG XL image'],
	[/^.{4}jP {2}/s, 'jp2', 'image/jp2', 'a JPEG 2000 image'],
	[/^(II\+\0|MM\0\+)/, 'tiff', 'image/tiff', 'a BigTIFF image'],
	[/^8BPS/, 'psd', 'image/vnd.adobe.photoshop', 'a Photoshop file'],
	[/^\0\0[\cA\cB]\0/, 'ico', 'image/x-icon', 'an icon'],
	[/^.{4}ftypqt/s, 'mov', 'video/quicktime'],
	[/^.{4}ftypM4[AB] /s, 'm4a', 'audio/mp4'],
	[/^.{4}ftypM4V/s, 'm4v', 'video/x-m4v'],
	[/^.{4}ftyp3g/s, '3gp', 'video/3gpp'],
	[/^.{4}ftyp/s, 'mp4', 'video/mp4'],
	[/^(?=.{0,3}\0).{4}(moov|mdat|wide|free|skip|pnot)/s, 'mov', 'video/quicktime'],
	[/^\cZE\xdf\xa3.{0,60}?B\x82.{1,8}?webm/s, 'webm', 'video/webm'],
	[/^\cZE\xdf\xa3/, 'mkv', 'video/x-matroska'],
	[/^RIFF.{4}AVI /s, 'avi', 'video/x-msvideo'],
	[/^FLV\cA/, 'flv', 'video/x-flv'],
	[/^0&\xb2u\x8ef\xcf\cQ/, 'wmv', 'video/x-ms-wmv'],
	[/^\0\0\cA[\xb3\xba]/, 'mpg', 'video/mpeg'],
	[/^G.{187}G.{187}G/s, 'ts', 'video/mp2t'],
	[/^(RIFF|RF64).{4}WAVE/s, 'wav', 'audio/wav'],
	[/^OggS.{24,100}?theora/s, 'ogv', 'video/ogg'],
	[/^OggS/, 'ogg', 'audio/ogg'],
	[/^fLaC/, 'flac', 'audio/flac'],
	[/^FORM.{4}AIF[FC]/s, 'aiff', 'audio/aiff'],
	[/^MThd/, 'mid', 'audio/midi'],
	[/^#!AMR/, 'amr', 'audio/amr'],
	[/^ID3[\cB-\cD]/, 'mp3', 'audio/mpeg'],
	// The frame of MPEG audio, without its reserved values; FF FE and zeros are text in UTF-16.
	[/^\xff(?!\xfe.\0)[\xe2-\xe7\xf2-\xf7\xfa-\xff][\cP-\xef]/s, 'mp3', 'audio/mpeg'],
	[/^\xff[\xf0\xf1\xf8\xf9]/, 'aac', 'audio/aac'],
	[/^glTF[\cA\cB]\0\0\0/, 'glb', 'model/gltf-binary'],
	[/^%PDF-/, 'pdf', 'application/pdf', 'a PDF document'],
	[/^PK(\cC\cD|\cE\cF)/, 'zip', 'application/zip', 'a ZIP archive or an Office document'],
	[/^[\c_]\x8b/, 'gz', 'application/gzip'],
	[/^7z\xbc\xaf'/, '7z', 'application/x-7z-compressed'],
];

/** How marked-up text begins, without the comments. */
export const MARKUP: readonly Signature[] = [
	[/^(<\?xml[^>]*>\s*)?<(!doctype html|html|head|body)[\s>]/i, 'html', 'text/html', 'a web page'],
	[/^(<(\?xml|!doctype svg)\b.*?)?<(\w+:)?svg[\s>]/is, 'svg', 'image/svg+xml', 'an SVG drawing'],
	[/^<\?xml/i, 'xml', 'application/xml'],
];

export const KIND_BYTES = 2000;
const JSON_TEXT: Signature = [/^[{[]/, 'json', 'application/json', 'text'];

function findKind(bytes: Buffer): Signature | undefined {
	const head = bytes.toString('latin1', 0, KIND_BYTES);
	const binary = SIGNATURES.find(([beginning]) => beginning.test(head));
	if (binary || !isText(head)) return binary;
	const text = head.replace(/^\xef\xbb\xbf/, '').trim();
	const content = text.replace(/<!--.*?(-->|$)/gs, '').trim();
	const markup = MARKUP.find(([beginning]) => beginning.test(content));
	return markup ?? (isJson(text, bytes) ? JSON_TEXT : undefined);
}

/** The kind of a file by its bytes; `undefined` for plain text and unknown kinds. */
export function readMediaType(bytes: Buffer): FileType | undefined {
	const [, extension, mimeType] = findKind(bytes) ?? [];
	return extension === undefined || mimeType === undefined ? undefined : { extension, mimeType };
}

/** What users call a file of a kind other than the image formats: `a PDF document`. */
export function readKindName(bytes: Buffer): string | undefined {
	const [, , mimeType = '', name] = findKind(bytes) ?? [];
	if (name !== undefined) return name;
	if (isText(bytes.toString('latin1', 0, KIND_BYTES))) return 'text';
	return NAMES.find(([beginning]) => mimeType.startsWith(beginning))?.[1];
}

const NAMES = [
	['video/', 'a video'],
	['audio/', 'an audio file'],
] as const;

/** Whether a beginning in Latin-1 has none of the control characters of binary files. */
export const isText = (head: string): boolean => /^[^\0-\cH\cN-\c_]+$/.test(head);

function isJson(text: string, bytes: Buffer): boolean {
	if (!/^(\{\s*["}]|\[\s*(["{[\]]|-?\d[\d.e+-]*\s*[,\]]|true|false|null))/i.test(text))
		return false;
	if (bytes.length > KIND_BYTES) return true;
	try {
		JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
		return true;
	} catch {
		return false;
	}
}
