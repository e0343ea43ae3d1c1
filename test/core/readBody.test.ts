/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';
import {
	endWhenSilent,
	readBody,
	TooLargeError,
} from '../../nodes/Vtrix/core/exchange/http/readBody';
import { byteStream } from '../faults/plainHttp';
import { timeLimits } from '../support/timeLimits';

afterEach(() => jest.restoreAllMocks());

/** A body that goes on for as long as nobody ends it. */
function openBody() {
	const stream = new Readable({ read: () => {} });
	const errors: unknown[] = [];
	stream.on('error', (error) => errors.push(error));
	return { stream, body: byteStream(stream), errors };
}

const TIMED_OUT: unknown = expect.objectContaining({ code: 'ETIMEDOUT' });

describe('a body that falls silent', () => {
	function watched() {
		const limits = timeLimits();
		const { stream, body, errors } = openBody();
		const watch = endWhenSilent(body, 300);
		return { stream, errors, limits, watch, pass: () => limits.at(-1)?.end() };
	}

	test('is ended when its time is over, for having taken too long', async () => {
		const { stream, errors, limits, pass } = watched();
		expect(limits).toMatchObject([{ ms: 300 }]);
		expect(stream.destroyed).toBe(false);
		pass();
		expect(stream.destroyed).toBe(true);
		await new Promise(setImmediate);
		expect(errors).toEqual([TIMED_OUT]);
	});

	test('is not ended as long as something is heard in each time', () => {
		const { stream, watch, pass } = watched();
		for (let time = 0; time < 3; time += 1) {
			watch.heard();
			pass();
			expect(stream.destroyed).toBe(false);
		}
		pass();
		expect(stream.destroyed).toBe(true);
	});

	test('is not ended while nothing is expected, but after a whole time of silence from then on', () => {
		const { stream, watch, pass } = watched();
		watch.pause();
		for (let time = 0; time < 3; time += 1) pass();
		watch.resume();
		pass();
		expect(stream.destroyed).toBe(false);
		pass();
		expect(stream.destroyed).toBe(true);
	});

	test('is not ended once nobody watches it', () => {
		const { stream, watch, limits, pass } = watched();
		watch.leave();
		pass();
		expect(stream.destroyed).toBe(false);
		expect(limits).toHaveLength(1);
	});
});

describe('a short body', () => {
	const bodyOf = (...chunks: string[]) =>
		byteStream(Readable.from(chunks.map((text) => Buffer.from(text))));

	test('is read whole', async () => {
		const limits = timeLimits();
		const bytes = await readBody(bodyOf('one', 'two'), 6, 500);
		expect(bytes.toString()).toBe('onetwo');
		expect(limits).toMatchObject([{ ms: 500 }]);
	});

	test('is refused when it is larger than expected', async () => {
		const reading = readBody(bodyOf('one', 'two'), 5, 500);
		await expect(reading).rejects.toBeInstanceOf(TooLargeError);
		await expect(reading).rejects.toMatchObject({
			maxBytes: 5,
			message: 'The answer is larger than 5 bytes',
		});
	});

	test('is ended when it takes too long', async () => {
		const limits = timeLimits();
		const { stream, body } = openBody();
		const reading = readBody(body, 100, 500);
		stream.push('one');
		limits[0].end();
		await expect(reading).rejects.toEqual(TIMED_OUT);
		expect(stream.destroyed).toBe(true);
	});

	test('is left alone once it was read', async () => {
		const limits = timeLimits();
		const body = bodyOf('one');
		const ended = jest.spyOn(body, 'destroy');
		await readBody(body, 100, 500);
		ended.mockClear();
		limits[0].end();
		expect(ended).not.toHaveBeenCalled();
	});
});
