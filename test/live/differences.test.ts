import { startStandIn, type StandIn } from '../standin';
import { ALL_DIFFERENCES, playDifferences, type Difference } from '../standin/faults/differences';
import { initBinaryData, type BinaryStore } from '../support/binaryStore';
import { proveAt } from './atGateway';

let store: BinaryStore;
let standIn: StandIn;
beforeAll(async () => {
	store = await initBinaryData();
});
afterAll(() => store.cleanup());
beforeEach(async () => {
	standIn = await startStandIn({ latencyMs: 400 });
});
afterEach(async () => await standIn.close());

/** The belief that each difference speaks against. */
const AGAINST: Record<Difference, string> = {
	'output as one object where a list is documented': 'output.list',
	'done in the place of completed': 'task.completed',
	'states of running tasks in upper case': 'task.case',
	'202 while a task runs': 'poll.status',
	'a cost that is a number': 'usage.cost',
	'a field that nobody documented': 'other.request_id',
	'refusals in an envelope': 'refusal.form',
	'pictures behind a redirect': 'image.redirect',
	'pictures of no particular type': 'image.type',
	'pictures without a length': 'image.length',
};

test.each(ALL_DIFFERENCES)('%s: named once, and nothing else', async (difference) => {
	await playDifferences(standIn, [difference]);
	const { report, said } = await proveAt(standIn);
	console.log(said.join('\n'), JSON.stringify(report?.comparison.different, null, 1));
	expect(report?.comparison.different.map(({ belief }) => belief.id)).toEqual([
		AGAINST[difference],
	]);
	expect(report?.steps.filter(({ end }) => end !== 'handled')).toEqual([]);
});

test('all ten at once: each named once, and nothing else', async () => {
	await playDifferences(standIn);
	const { report, said } = await proveAt(standIn);
	console.log(said.join('\n'), JSON.stringify(report?.comparison.different, null, 1));
	const named = report?.comparison.different.map(({ belief }) => belief.id);
	expect(named?.sort()).toEqual(Object.values(AGAINST).sort());
	expect(report?.steps.filter(({ end }) => end !== 'handled')).toEqual([]);
});
