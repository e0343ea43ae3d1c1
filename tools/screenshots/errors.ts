import type { Fault, FaultKind } from '../../test/standin/faults/schemas';
import { load, manualStart } from '../../test/real-n8n/vtrixWorkflows';
import type { Scene, Studio } from './studio';

const GAVE_UP: Fault = {
	type: 'failed',
	error: { code: '003025095', error_message: 'generator gave up' },
};
const ASKED = { model: 'spark_dream_5_0', prompt: 'A lighthouse' };

const refused = (name: string, run: (studio: Studio) => Promise<void>): Scene => ({
	name: `error-${name}`,
	arrange: run,
});

const faulty = (
	name: string,
	kind: FaultKind,
	fault: Fault,
	options: Record<string, unknown> = {},
	parameters: Record<string, unknown> = ASKED,
): Scene =>
	refused(name, async (studio) => {
		studio.at.standIn.fault(kind, fault);
		await studio.run({ ...parameters, options });
	});

/** Three items of which the second one's task fails. */
async function runWithOneFailing(studio: Studio, settings: Record<string, unknown> = {}) {
	studio.at.standIn.fault('create', GAVE_UP, { match: { taskIndex: 1 } });
	const products = load('Products', studio.at.photos.listUrl(3), 'items');
	const asked = { ...ASKED, model: 'spark_dream_4_5' };
	await studio.run(asked, { before: [manualStart, products], settings });
}

const status = (code: number, body: unknown): Fault => ({ type: 'status', code, body });

/** What a user sees when something is wrong, one scene for each kind. */
export const errors: Scene[] = [
	refused('settings', async (studio) => {
		await studio.run(
			{
				model: 'spark_multi_dreamo',
				prompt: 'The mug stands on a wooden table',
				inputImages: { image: [{ source: 'file', fieldName: 'photo', refType: 'IP' }] },
				size: 'custom',
				width: 2048,
				height: 4000,
				options: { ddimSteps: 80, guidanceScale1: 9 },
			},
			{ before: [manualStart, load('Photo', studio.at.photos.photoUrl, 'file')] },
		);
	}),
	refused('no-prompt', async (studio) => {
		await studio.run({ ...ASKED, prompt: '={{ $json.prompt }}' });
	}),
	refused('no-file', async (studio) => {
		await studio.run({
			model: 'spark_i2i_3_0',
			prompt: 'Brighter',
			inputImage: { __rl: true, mode: 'file', value: 'data' },
		});
	}),
	refused('private-link', async (studio) => {
		const asked = {
			model: 'spark_i2i_3_0',
			prompt: 'Brighter',
			inputImage: { __rl: true, mode: 'url', value: 'http://localhost/photo.jpg' },
		};
		// A service within a private network may open what is there.
		await studio.run(asked, { baseUrl: 'https://vtrix.example' });
	}),
	refused('wrong-key', async (studio) => await studio.run(ASKED, { apiKey: 'sk-not-mine' })),
	refused('no-host', async (studio) => await studio.run(ASKED, { baseUrl: 'http://127.0.0.1:9' })),
	faulty(
		'out-of-credit',
		'create',
		status(402, {
			status: { code: 402, message: 'insufficient balance', error_code: 40201 },
			data: null,
		}),
	),
	faulty('not-allowed', 'create', status(403, { message: 'model not allowed' })),
	faulty(
		'bad-request',
		'create',
		status(400, { error: { code: '003025002', message: 'too many' } }),
	),
	faulty(
		'rate-limit',
		'create',
		{ type: 'status', code: 429, body: {}, retryAfterSeconds: 60 },
		{ timeout: 1 },
	),
	faulty('uncertain', 'create', { type: 'reset', created: true }),
	faulty('task-failed', 'create', GAVE_UP, {}, { ...ASKED, model: 'spark_dream_4_5' }),
	faulty('timed-out', 'create', { type: 'neverEnds' }, { timeout: 2 }),
	faulty('download', 'download', { type: 'expired' }),
	refused('too-large', async (studio) => {
		studio.at.standIn.configure({ imageBytesSize: 2_000_000 });
		await studio.run({ ...ASKED, options: { maxFileSize: 1 } });
		studio.at.standIn.configure({ imageBytesSize: 1 });
	}),
	refused('unknown-task', async (studio) => {
		await studio.run({ resource: 'task', operation: 'get', taskId: 'not-a-task' });
	}),
	refused('branch', async (studio) => {
		await runWithOneFailing(studio, { onError: 'continueErrorOutput' });
		await studio.editor.output
			.getByText(/^Error Branch/)
			.first()
			.click();
	}),
	refused('several-items', async (studio) => {
		await runWithOneFailing(studio);
	}),
];
