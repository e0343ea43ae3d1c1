/** Kinds of files that people mistake for a picture that a model takes, by their first bytes. */
const KINDS: ReadonlyArray<readonly [RegExp, string]> = [
	[/^.{4}ftyp(hei|hev|mif1|msf1)/s, 'a HEIC photo'],
	[/^.{4}ftypavi[fs]/s, 'an AVIF image'],
	[/^.{4}ftyp/s, 'a video'],
	[/^(\xff\n|.{4}JXL )/s, 'a JPEG XL image'],
	[/^.{4}jP {2}/s, 'a JPEG 2000 image'],
	[/^(II\+\0|MM\0\+)/, 'a BigTIFF image'],
	[/^\0\0[\cA\cB]\0/, 'an icon'],
	[/^8BPS/, 'a Photoshop file'],
	[/^%PDF-/, 'a PDF document'],
	[/^PK\cC\cD/, 'a ZIP archive or an Office document'],
	[/<svg[\s>]/i, 'an SVG drawing'],
	[/<(!doctype html|html|head|body)[\s>]/i, 'a web page'],
	[/^[^\0-\cH\cN-\c_]+$/, 'text'],
];

const HEAD_BYTES = 1000;

/** What a file is that is none of the known pictures: `a PDF document`; `undefined` if unknown. */
export function fileKind(bytes: Buffer): string | undefined {
	const head = bytes.toString('latin1', 0, HEAD_BYTES);
	return KINDS.find(([pattern]) => pattern.test(head))?.[1];
}
