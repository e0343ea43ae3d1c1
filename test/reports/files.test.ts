/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
/*
 * Files as people really have them:
 * - n8n-io/n8n#37612: Convert to File decodes a data URI together with its head and reports success
 * - lovell/sharp#2416: phones write bytes before a marker of a JPEG that do not belong there
 * - lovell/sharp#3424: a JPEG whose end is missing
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { atStandIn } from '../node/atStandIn';
import { fileItem } from '../support/binaryStore';

const at = atStandIn();

const FOLDER = path.join(__dirname, 'files');
const CUT_OFF = 'is cut off: its end is missing. Load the whole file again.';

/** What the small files of the folder are, by ImageMagick, libjpeg, libtiff and libwebp. */
const VERDICTS: Record<string, 'taken' | string> = {
	'arithmetic.jpg': 'taken',
	'base64-text.png':
		"is base64 text, not a picture. Decode it with the Convert to File node, Operation 'Move Base64 String to File'.",
	'data-uri-decoded-as-base64.png':
		"is a data URI that was decoded together with its head. Cut 'data:…;base64,' off the text before the Convert to File node decodes it.",
	'fill-byte-before-frame.jpg': 'taken',
	'half.jpg': CUT_OFF,
	'half.webp': CUT_OFF,
	'no-end.png': CUT_OFF,
	'os2.bmp': 'taken',
	'stray-byte-before-table.jpg': 'taken',
	'two-pages.tif': 'taken',
};

test('each file of the folder has a verdict', () => {
	expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(VERDICTS).sort());
});

test.each(Object.entries(VERDICTS))('%s: %s', async (name, verdict) => {
	const bytes = readFileSync(path.join(FOLDER, name));
	const { error } = await at.run(
		{
			model: 'spark_dream_5_0',
			prompt: 'A lighthouse',
			inputImages: { image: [{ fieldName: 'photo' }] },
			options: { dryRun: true },
		},
		[await fileItem({ photo: { bytes, fileName: name, mimeType: 'image/png' } })],
	);
	expect(error?.message).toBe(verdict === 'taken' ? undefined : `Input Images: "photo" ${verdict}`);
	expect(at.standIn.requests).toEqual([]);
});
