import { startStandIn, type StandIn } from '../standin';
import { initBinaryData, type BinaryStore } from '../support/binaryStore';
import { proveAt } from './atGateway';
import { toMarkdown } from './report/markdown';

let standIn: StandIn;
let store: BinaryStore;
beforeAll(async () => {
	store = await initBinaryData();
	standIn = await startStandIn({ latencyMs: [300, 900] });
});
afterAll(async () => {
	await standIn.close();
	store.cleanup();
});

test('against the stand-in everything is as believed', async () => {
	const { report, obstacle, said } = await proveAt(standIn);
	console.log(said.join('\n'), obstacle, report && toMarkdown(report));
	expect(report?.comparison.different).toEqual([]);
});
