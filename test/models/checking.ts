import type { Model } from '../../nodes/Vtrix/core/definition/model';
import { parseRequest, type RawParameters } from '../../nodes/Vtrix/core/request/parseRequest';
import { MODELS } from '../../nodes/Vtrix/models';
import { FACTS, type ModelFacts } from '../standin/facts';

/** A documented model with its declaration. */
export interface DocumentedModel {
	id: string;
	model: Model;
	facts: ModelFacts;
}

/** The documented models with their declarations, for tests that walk them all. */
export const DOCUMENTED_MODELS: readonly DocumentedModel[] = Object.entries(FACTS).map(
	([id, facts]) => {
		const model = MODELS.find((candidate) => candidate.id === id);
		if (!model) throw new Error(`The dropdown has no model '${id}'`);
		return { id, model, facts };
	},
);

/** Those that take input images. */
export const MODELS_WITH_IMAGES = DOCUMENTED_MODELS.filter(
	({ facts }) => facts.images.maxCount > 0,
);

/** What the form calls the field of a model's images. */
export const imagesField = (modelId: string): string =>
	MODELS_WITH_IMAGES.find(({ id }) => id === modelId)?.facts.images.maxCount === 1
		? 'Input Image'
		: 'Input Images';

/** The prompt that every checked request carries unless told otherwise. */
export const PROMPT = 'A lighthouse';

/** What a test sets beside what is required. */
export interface Wish {
	/** By declared name. */
	parameters?: Record<string, unknown>;
	size?: Partial<RawParameters['size']>;
	/** As many URLs as the model asks for, unless told. */
	images?: RawParameters['images'];
}

/** So many input images, by their URLs. */
export const urls = (count: number) =>
	Array.from({ length: count }, (_, n) => ({ url: `https://example.com/${n}.png` }));

/** Checks requests to one model as the node does before it sends them. */
export function checking({ model, facts }: DocumentedModel) {
	const parse = ({ parameters, size, images = urls(facts.images.minCount) }: Wish) =>
		parseRequest(model, {
			parameters: { prompt: PROMPT, ...parameters },
			size: { size: undefined, width: undefined, height: undefined, ...size },
			images,
		});
	return {
		/** The parameters to be sent; the wish must meet no objection. */
		accepted(wish: Wish) {
			const { issues, request } = parse(wish);
			expect(issues).toEqual([]);
			return request.params;
		},
		/** The wish must be refused, for this field alone. */
		refused(wish: Wish, label: string) {
			expect([...new Set(parse(wish).issues.map((issue) => issue.label))]).toEqual([label]);
		},
		/** What is wrong with the wish. */
		issues: (wish: Wish) => parse(wish).issues,
		/** What the wish is advised against. */
		warnings: (wish: Wish) => parse(wish).warnings,
	};
}
