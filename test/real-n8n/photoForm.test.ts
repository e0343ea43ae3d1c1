/* eslint-disable no-console */
import sharp from 'sharp';
import { phonePhoto } from '../images/phonePhoto';
import { FACTS } from '../standin/facts';
import { digest } from '../standin/random';
import { errorOf, itemsOf } from './execution';
import { startInstalledNode, type InstalledNode } from './installedNode';
import { mailExample } from './mailExample';
import { startMailServer, type MailServer } from './mailServer';
import { hasGraphicsMagick } from './services';
import { chosenVersions, NEWEST } from './versions';

if (!hasGraphicsMagick()) {
	console.warn('The Edit Image node is not tested: install graphicsmagick from Debian.');
}
const suite = hasGraphicsMagick() ? describe : describe.skip;

suite.each(chosenVersions())('the example with a photo from a form, in n8n %s', (version) => {
	let at: InstalledNode;
	let mail: MailServer;

	beforeAll(async () => {
		mail = await startMailServer();
		at = await startInstalledNode({ version });
	});
	afterAll(async () => {
		await at?.close();
		await mail?.close();
	});

	/** The example as people import it, with a mail account. */
	async function importExample(): Promise<string> {
		const example = await mailExample(at, mail, 'photo-edit-form.json', 'Send the Result');
		const { id } = await at.n8n.workflows.create(example);
		await at.n8n.workflows.activate(id);
		return id;
	}

	test('makes a photo of 12 megapixels fit the model, and sends off a result of its shape', async () => {
		const photo = await phonePhoto();
		const { maxBytes = 0 } = FACTS.spark_i2i_3_0.images;
		expect(photo.bytes.length).toBeGreaterThan(maxBytes);
		const id = await importExample();
		const form = new FormData();
		form.append(
			'field-0',
			new Blob([new Uint8Array(photo.bytes)], { type: 'image/jpeg' }),
			'photo.jpg',
		);
		form.append('field-1', 'Change the background to a beach');
		form.append('field-2', 'someone@example.com');
		await at.n8n.callForm('vtrix-photo-form', form);
		const execution = await at.n8n.executions.newest(id);
		expect(errorOf(execution)).toBe('');
		expect(mail.mails).toHaveLength(1);

		const [{ binary, json }] = itemsOf(execution, 'Make It Fit');
		expect(json).toMatchObject({ Change: 'Change the background to a beach' });
		if (!binary?.Photo) throw new Error('The photo is gone');
		const fitting = await at.n8n.binaries.download(binary.Photo);
		const { format, width, height, orientation = 1 } = await sharp(fitting).metadata();
		expect(format).toBe('jpeg');
		// Newer versions turn the photo, older ones keep its mark.
		expect({ width, height, orientation }).toEqual(
			version === NEWEST
				? { width: 1536, height: 2048, orientation: 1 }
				: { width: 2048, height: 1536, orientation: 6 },
		);
		expect(at.standIn.complaints).toEqual([]);
		expect(JSON.stringify(at.standIn.requests)).toContain(digest(fitting));
		// Upright, as people see the photo, whether it is stored so or not.
		expect(JSON.stringify(at.standIn.requests)).toContain('"width":1104,"height":1472');
		await at.expectServedBytes(itemsOf(execution, 'Edit the Photo'));
	});
});
