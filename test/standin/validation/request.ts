import { isRecord } from './checks';
import { customPlan } from './customModel';
import type { ImagePlan, Issue, ModelRules } from './modelRules';
import { referenceIssues } from './references';
import { sparkDream45 } from './sparkDream45';
import { sparkDream50 } from './sparkDream50';
import { sparkDreamO } from './sparkDreamO';
import { sparkI2I } from './sparkI2I';
import { sparkMultiDreamO } from './sparkMultiDreamO';
import { sparkDream30, textToImage } from './textModels';

const MODELS = new Map<string, ModelRules>([
	['spark_dreamo', sparkDreamO],
	['spark_multi_dreamo', sparkMultiDreamO],
	['spark_i2i_3_0', sparkI2I],
	['spark_dream_4_5', sparkDream45],
	['spark_dream_5_0', sparkDream50],
	['spark_t2i_3_0', textToImage],
	['spark_image_3_1', textToImage],
	['spark_dream_3_0', sparkDream30],
]);

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
	const rules = MODELS.get(model);
	if (rules === undefined) return refused('model_not_found', `no model "${model}"`);

	const { references, issues: sourceIssues } = rules.references(params);
	const issues = [
		...rules.required
			.filter((name) => params[name] === undefined || params[name] === '')
			.map((param): Issue => ({ param, problem: 'missing', why: 'is missing' })),
		...paramIssues(rules, params),
		...sourceIssues,
		...rules.across(params, references.length),
		...(await referenceIssues(references, rules.imageLimits, fetchImages)),
	];
	const [first] = issues;
	if (first === undefined) {
		return { accepted: true, model, params, plan: rules.plan(params, references.length) };
	}
	const message = issues.map(({ param, why }) => `${param} ${why}`).join('; ');
	return refused(rules.code(first), `${model}: ${message}`);
}

function paramIssues(rules: ModelRules, params: Record<string, unknown>): Issue[] {
	return Object.entries(params).flatMap(([param, value]): Issue[] => {
		if (rules.sources.includes(param)) return [];
		const check = Object.hasOwn(rules.params, param) ? rules.params[param] : undefined;
		if (check === undefined) return [{ param, problem: 'unknown', why: 'is not a parameter' }];
		const why = check(value);
		return why === undefined ? [] : [{ param, problem: 'invalid', why }];
	});
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
