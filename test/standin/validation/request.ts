import { isRecord } from './checks';
import { describedModel } from '../spec/descriptions';
import { describedIssues } from '../spec/judgeDescribed';
import { customPlan, describedPlan } from './customModel';
import { imagesIn } from './inputImages';
import type { ImagePlan } from './modelRules';
import { rulesOf } from './models';
import { parameterIssues } from './parameters';
import { referenceIssues } from './references';
import { servedSides, sideIssues } from './size';
import { countIssues, pictureCount } from './together';

export type Verdict =
	| { accepted: true; model: string; params: Record<string, unknown>; plan: ImagePlan }
	| { accepted: false; code: string; message: string };

/** Holds a creation's body against the pages; names everything that is wrong with it at once. */
export async function judge(body: unknown, fetchImages: boolean): Promise<Verdict> {
	const envelope = readEnvelope(body);
	if (typeof envelope === 'string') return refused('bad_request', envelope);
	const { model, params } = envelope;
	if (model.startsWith('custom_'))
		return { accepted: true, model, params, plan: customPlan(model, params) };
	const described = describedModel(model);
	if (described) {
		const wrong = describedIssues(described, params);
		if (wrong.length > 0) return refused('bad_request', `${model}: ${wrong.join('; ')}`);
		return { accepted: true, model, params, plan: describedPlan(described) };
	}
	const rules = rulesOf(model);
	if (rules === undefined) return refused('model_not_found', `no model "${model}"`);

	const { facts } = rules;
	const { references, issues: imageIssues } = imagesIn(params, facts);
	const count = references.length;
	const issues = [
		...parameterIssues(params, facts),
		...imageIssues,
		...sideIssues(params, facts),
		...countIssues(params, facts, count),
		...(await referenceIssues(references, facts.images, fetchImages)),
	];
	const [first] = issues;
	if (first === undefined) {
		const plan = {
			count: pictureCount(params, facts, count),
			...servedSides(params, facts),
			...rules.delivers(params),
		};
		return { accepted: true, model, params, plan };
	}
	const message = issues.map(({ param, why }) => `${param} ${why}`).join('; ');
	return refused(rules.code(first), `${model}: ${message}`);
}

function readEnvelope(body: unknown): { model: string; params: Record<string, unknown> } | string {
	if (!isRecord(body)) return 'the body must be a JSON object';
	const extra = Object.keys(body).find((key) => key !== 'model' && key !== 'input');
	if (extra !== undefined) return `"${extra}" does not belong beside model and input`;
	const { model, input } = body;
	if (typeof model !== 'string' || model === '') return 'model is missing';
	if (!Array.isArray(input) || input.length !== 1) return 'input must be an array of one object';
	const [entry]: unknown[] = input;
	if (!isRecord(entry) || Object.keys(entry).join() !== 'params' || !isRecord(entry.params)) {
		return 'input[0] must be {"params": {...}}';
	}
	return { model, params: entry.params };
}

function refused(code: string, message: string): Verdict {
	return { accepted: false, code, message };
}
