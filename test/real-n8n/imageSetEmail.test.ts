import { errorOf, itemsOf } from './execution';
import { startInstalledNode, type InstalledNode } from './installedNode';
import { mailExample } from './mailExample';
import { filesOf, startMailServer, type MailServer } from './mailServer';
import { chosenVersions } from './versions';
import type { WorkflowFile } from './workflows';

const START = 'When clicking ‘Execute workflow’';

describe.each(chosenVersions())('the example with a set of images, in n8n %s', (version) => {
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
	beforeEach(() => at.standIn.reset());

	/** Imports the example with a mail account and a title of one's own, runs it, and gives its e-mail. */
	async function send(title: string) {
		const example = await mailExample(at, mail, 'image-set-email.json', 'Send All Images');
		const text = JSON.stringify(example).replaceAll('Summer sale', title);
		const { id } = await at.n8n.workflows.create(JSON.parse(text) as WorkflowFile);
		const execution = await at.n8n.executions.run(id, START);
		expect(errorOf(execution)).toBe('');
		const mails = mail.mails.splice(0);
		expect(mails).toHaveLength(1);
		return { items: itemsOf(execution, 'Make the Set'), mail: mails[0] };
	}

	/** The files of an e-mail, those of its images that are wanted and no others. */
	async function expectFiles(sent: Awaited<ReturnType<typeof send>>, names: string[]) {
		const [task] = at.standIn.tasks;
		const served = await Promise.all(
			names.map(async (name) => {
				const index = Number(/-(\d+)\.\w+$/.exec(name)?.[1]) - 1;
				return { name, content: await at.standIn.imageBytes(task.id, index) };
			}),
		);
		const files = filesOf(sent.mail);
		expect(files.map(({ name }) => name)).toEqual(names);
		expect(files.map(({ content }, n) => content.equals(served[n].content))).toEqual(
			names.map(() => true),
		);
	}

	test('sends all of them in one e-mail, byte for byte, with the names that it says', async () => {
		const sent = await send('Summer sale');
		expect(sent.mail.to).toEqual(['someone@example.com']);
		expect(sent.items).toHaveLength(1);
		expect(sent.items[0].json).toMatchObject({ binaryPropertyNames: 'data,data_2,data_3' });
		await expectFiles(sent, ['Summer sale-1.jpg', 'Summer sale-2.jpg', 'Summer sale-3.jpg']);
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('keeps letters of other languages in their names', async () => {
		const sent = await send('Größe “夏” – Лето, 15 %');
		await expectFiles(
			sent,
			[1, 2, 3].map((n) => `Größe “夏” – Лето, 15 %-${n}.jpg`),
		);
	});

	test('sends the others if one of them is missing', async () => {
		at.standIn.fault('create', { type: 'entryError', index: 0, error: 'blurred' });
		const sent = await send('Summer sale');
		await expectFiles(sent, ['Summer sale-2.jpg', 'Summer sale-3.jpg']);
	});
});
