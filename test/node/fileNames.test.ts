import type { INodeParameters } from 'n8n-workflow';
import { atStandIn } from './atStandIn';

const at = atStandIn();

const GROUP = { sequentialImageGeneration: 'auto', maxImages: 2 };

/** Names of the files that come out, in order. */
async function namesOf(options: INodeParameters, json: object[] = [{}]) {
	const { items, error } = await at.run(
		{ model: 'spark_dream_5_0', prompt: 'A lighthouse', options },
		json.map((fields) => ({ json: { ...fields } })),
	);
	expect(error).toBeUndefined();
	return items[0].map(({ binary }) => binary?.data.fileName);
}

const SKU = '={{ $json.sku }}';

test('a file is named by an expression, for each item its own', async () => {
	const names = await namesOf({ fileName: SKU }, [{ sku: 'A-17' }, { sku: 'Löwe 狮' }]);
	expect(names).toEqual(['A-17.jpg', 'Löwe 狮.jpg']);
});

test('the files of a group are numbered', async () => {
	const names = await namesOf({ ...GROUP, fileName: SKU }, [{ sku: 'A-17' }, { sku: 'B-3' }]);
	expect(names).toEqual(['A-17-1.jpg', 'A-17-2.jpg', 'B-3-1.jpg', 'B-3-2.jpg']);
});

test('a group that became one image is not numbered', async () => {
	expect(await namesOf({ ...GROUP, maxImages: 1, fileName: 'A-17' })).toEqual(['A-17.jpg']);
});

test('the extension is that of the bytes, and none is doubled', async () => {
	const options = { fileName: 'A-17.jpg', outputFormat: 'png' };
	expect(await namesOf(options)).toEqual(['A-17.png']);
	at.standIn.fault('download', { type: 'otherFormat' });
	expect(await namesOf({ fileName: 'A-17.jpg' })).toEqual(['A-17.png']);
});

test('images that come inside the answer are named alike', async () => {
	const options = { ...GROUP, responseFormat: 'b64_json', fileName: 'A-17' };
	expect(await namesOf(options)).toEqual(['A-17-1.jpg', 'A-17-2.jpg']);
});

test('a number is taken as text', async () => {
	expect(await namesOf({ fileName: SKU }, [{ sku: 4711 }])).toEqual(['4711.jpg']);
});

test.each([null, '', '  ', '.jpg', '///'])('%j leaves the name to model and task', async (sku) => {
	const [name] = await namesOf({ fileName: SKU }, [{ sku }]);
	expect(name).toBe(`spark_dream_5_0-${at.standIn.tasks[0].id}-1.jpg`);
});

test('a name never leads out of a folder', async () => {
	const { items } = await at.run({
		model: 'spark_dream_5_0',
		prompt: 'A lighthouse',
		simplify: false,
		options: { fileName: '../../home/.ssh/keys' },
	});
	const [{ json, binary }] = items[0];
	expect(binary?.data).toMatchObject({ fileName: '-..-home-.ssh-keys.jpg', fileExtension: 'jpg' });
	expect(binary?.data.directory).toBeUndefined();
	expect(json.fileName).toBe(binary?.data.fileName);
});

test('what is no text is refused before anything is sent', async () => {
	const { error } = await at.run(
		{ model: 'spark_dream_5_0', prompt: 'A lighthouse', options: { fileName: SKU } },
		[{ json: { sku: { id: 'A-17' } } }],
	);
	expect(error?.message).toMatch(/File Name: .* is not text/);
	expect(at.standIn.requests).toEqual([]);
});
