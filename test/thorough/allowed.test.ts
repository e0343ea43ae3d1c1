/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { issueText } from '../../nodes/Vtrix/core/shared/issues';
import { DOCUMENTED_MODELS } from '../models/checking';
import { judge } from '../standin/validation/request';
import { checkedByCore } from './checkedByCore';
import { expectedParams } from './expected';
import { picturesFor, type Picture } from './pictures';
import { allowedRequest } from './requests';
import { drawn, RUNS, SEED } from './settings';

/** What differs, without image data. */
const shortened = (value: unknown) =>
	JSON.stringify(value, (_, inner: unknown) =>
		typeof inner === 'string' ? inner.slice(0, 200) : inner,
	);

describe.each(DOCUMENTED_MODELS)('$id', (documented) => {
	const { id, facts } = documented;
	let pictures: readonly Picture[];

	beforeAll(async () => {
		({ good: pictures } = await picturesFor(facts.images));
	}, 60_000);

	test(`takes every request within its documented limits as it is meant (${drawn(RUNS)})`, async () => {
		await fc.assert(
			fc.asyncProperty(allowedRequest(facts, pictures), async (wish) => {
				const { issues, body } = checkedByCore(documented, wish);
				if (issues.length > 0) throw new Error(`refused: ${issues.map(issueText).join('\n')}`);
				const verdict = await judge(JSON.parse((await body()).toString('utf8')), false);
				if (!verdict.accepted) throw new Error(`the API would refuse: ${verdict.message}`);
				const expected = expectedParams(facts, wish);
				if (verdict.model !== id || !isDeepStrictEqual(verdict.params, expected)) {
					throw new Error(`sent ${shortened(verdict.params)}, meant ${shortened(expected)}`);
				}
			}),
			{ numRuns: RUNS, seed: SEED },
		);
	}, 120_000);
});
