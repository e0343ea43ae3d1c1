import type { ModelFacts } from '../standin/facts';
import type { GivenImage, Wish } from './requests';

type Params = Record<string, unknown>;

/** Puts a value where the facts' name says: `optimize_prompt_options.mode` inside an object. */
function put(params: Params, name: string, value: unknown): void {
	const [key = '', inner] = name.split('.');
	if (inner === undefined) {
		params[key] = value;
		return;
	}
	const object = params[key];
	params[key] = { ...(typeof object === 'object' && object), [inner]: value };
}

const sentImage = (image: GivenImage, mixed: boolean): string => {
	if ('url' in image) return image.url;
	const { base64, mimeType } = image.picture;
	return mixed ? `data:${mimeType};base64,${base64}` : base64;
};

function imageParams({ parameters, images: fact }: ModelFacts, images: Wish['images']): Params {
	const [first] = images;
	if (!first) return {};
	const sent = images.map((image) => sentImage(image, fact.sentAs === 'mixed'));
	if (fact.sentAs === 'mixed') return { image: sent.length === 1 ? sent[0] : sent };
	const params: Params = { ['url' in first ? 'image_urls' : 'binary_data_base64']: sent };
	const types = parameters.find(({ onePerImage }) => onePerImage);
	const meant = images.map(({ refType }) => refType.meant ?? types?.default);
	if (types && meant.some((type) => type !== types.default)) params[types.name] = meant;
	return params;
}

/** The parameters that a wish has to arrive with at the API, reckoned from the facts alone. */
export function expectedParams(facts: ModelFacts, wish: Wish): Params {
	const { parameters, meantSize, images } = wish;
	const params: Params = {};
	for (const [name, { meant }] of Object.entries(parameters)) {
		if (meant !== undefined) put(params, name, meant);
	}
	const shared = facts.parameters.find(({ onlyWhen }) => onlyWhen);
	if (shared?.onlyWhen && parameters[shared.name]?.meant === undefined && images.length > 0) {
		const { name, value } = shared.onlyWhen;
		const room = (facts.images.maxWithOutput ?? 0) - images.length;
		if (params[name] === value) put(params, shared.name, room);
	}
	return { ...params, ...meantSize, ...imageParams(facts, images) };
}
