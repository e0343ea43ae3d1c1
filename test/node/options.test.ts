import {
	mostAtATime,
	readNodeOptions,
	toTaskOptions,
} from '../../nodes/Vtrix/n8n/input/readOptions';

const read = (collection: Record<string, unknown>) =>
	readNodeOptions(collection, { creates: true });
const told = (collection: Record<string, unknown>) =>
	read(collection).issues.map(({ label, message }) => `${label} ${message}`);

describe("the node's options", () => {
	test('are taken in seconds and megabytes', () => {
		const { options, issues } = read({
			timeout: '5',
			pollInterval: 2,
			maxFileSize: 3,
			waitForCompletion: 'false',
			downloadImages: false,
		});
		expect(issues).toEqual([]);
		expect(toTaskOptions(options)).toEqual({
			wait: false,
			timeoutMs: 5000,
			intervalMs: 2000,
			downloadImages: false,
			maxBytes: 3_000_000,
		});
	});

	test('leave it to the node when to ask, and how many items there are at a time', () => {
		const { options } = read({});
		expect(toTaskOptions(options)).not.toHaveProperty('intervalMs');
		expect(mostAtATime({ maxConcurrency: 0 })).toBe(Infinity);
		expect(mostAtATime({ maxConcurrency: 3 })).toBe(3);
	});

	test('that are refused count as not set', () => {
		const { options, issues } = read({ timeout: 'soon', fileName: '{{ $json.name }}' });
		expect(issues).toHaveLength(2);
		expect(options.timeout).toBe(read({}).options.timeout);
	});

	test('name one field for several files only without a comma', () => {
		const several = { combineImages: true, binaryPropertyName: 'a,b' };
		expect(told(several)).toEqual([expect.stringMatching(/contains a comma, which separates/)]);
		expect(told({ ...several, combineImages: false })).toEqual([]);
		expect(told({ ...several, binaryPropertyName: 'a' })).toEqual([]);
	});

	test('limit what is spent only where the end of a task is waited for', () => {
		const limited = { spendingLimit: 1, waitForCompletion: false };
		expect(told(limited)).toEqual([
			expect.stringMatching(/cannot be kept without 'Wait for Completion'/),
		]);
		expect(told({ ...limited, spendingLimit: 0 })).toEqual([]);
		expect(told({ ...limited, waitForCompletion: true })).toEqual([]);
	});
});
