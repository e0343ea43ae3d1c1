import fc from 'fast-check';
import { issueText } from '../../nodes/Vtrix/core/shared/issues';
import { DOCUMENTED_MODELS } from '../models/checking';
import { breachesOf, type Breach } from './breaches';
import { checkedByCore } from './checkedByCore';
import { labelOf } from './labels';
import { picturesFor } from './pictures';
import { drawn, RUNS, SEED } from './settings';

describe.each(DOCUMENTED_MODELS)('$id', (documented) => {
	const { facts } = documented;
	let breaches: readonly Breach[];

	beforeAll(async () => {
		breaches = breachesOf(facts, await picturesFor(facts.images));
	}, 60_000);

	test(`refuses every request that breaks one limit, for that field alone (${drawn(RUNS)})`, () => {
		const met = new Set<string>();
		const breach = fc.oneof(
			...breaches.map(({ limit, field, requests }) =>
				requests.map((wish) => ({ limit, label: labelOf(documented, field), wish })),
			),
		);
		fc.assert(
			fc.property(breach, ({ limit, label, wish }) => {
				met.add(limit);
				const { issues } = checkedByCore(documented, wish);
				const labels = [...new Set(issues.map((issue) => issue.label))];
				if (labels.join() !== label) {
					throw new Error(
						`${label} should be refused alone, was: ${issues.map(issueText).join('\n') || 'accepted'}`,
					);
				}
			}),
			{ numRuns: RUNS, seed: SEED },
		);
		expect([...met].sort()).toEqual(breaches.map(({ limit }) => limit).sort());
	}, 120_000);
});
