import type { Issue } from './issues';
import { checkCount, checkUrl, type InputImage, type InputImages } from './images';
import { isUnset, type Parameter } from './parameters';
import type { Size, SizeValues } from './size';

/** A documented error code: what happened and how to mend it, in our words. */
export interface ErrorAdvice {
	message: string;
	advice: string;
}

/** The images that a request may return, where a model can make several. */
export interface ImageGroup {
	/** Reference images and generated images together. */
	maxTotal: number;
	/** API name of the parameter that limits the images; an explicit value must fit. */
	limitedBy: string;
	/** API name of the parameter, and its value, that switch groups on. */
	enabledBy: { parameter: string; value: string };
}

/** One model of the gateway: the single declaration that everything else derives from. */
export interface Model {
	/** The API's model id. */
	id: string;
	displayName: string;
	/** One line for the dropdown: what it is for. */
	description: string;
	/** Documented parameters by their API names, without images and size. */
	parameters: Readonly<Record<string, Parameter>>;
	images?: InputImages;
	size?: Size;
	imageGroup?: ImageGroup;
	/** Advice by error code, as documented for this model. */
	errorCodes: Readonly<Record<string, ErrorAdvice>>;
}

/** What the user set for one item: raw values by API name, unset ones included or not. */
export interface ParameterValues {
	parameters: Readonly<Record<string, unknown>>;
	size: SizeValues;
	/** Input images in their order; a file's content is checked apart, by its bytes. */
	images: readonly InputImageSource[];
}

/** Where an input image comes from, before anything is read. */
export type InputImageSource = { referenceType?: unknown } & (
	| { url: string }
	| { fieldName: string }
);

/** A request that the API accepts, its images still apart. */
export interface Request {
	/** The API's model id. */
	model: string;
	/** Documented parameters by their API names, without image data. */
	params: Record<string, unknown>;
}

/** The outcome of checking what the user set. */
export interface Parsed {
	/** To be sent only if there are no issues. */
	request: Request;
	issues: Issue[];
	/** Recommendations that are not followed, as sentences. */
	advice: string[];
}

/** Checks a declaration when it is made, so that a slip shows at the first start. */
export function defineModel(model: Model): Model {
	const { imageGroup, parameters } = model;
	for (const name of imageGroup ? [imageGroup.limitedBy, imageGroup.enabledBy.parameter] : []) {
		if (!parameters[name]) throw new Error(`${model.id} declares no parameter '${name}'`);
	}
	return model;
}

/** `guidance_scale1` → `guidanceScale1`: an API name as an n8n field name. */
export const fieldName = (apiName: string): string =>
	apiName.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sets a value at a path, making the objects on the way. */
function place(
	target: Record<string, unknown>,
	[key = '', ...rest]: readonly string[],
	value: unknown,
) {
	if (rest.length === 0) {
		target[key] = value;
		return;
	}
	const inner = isRecord(target[key]) ? target[key] : {};
	target[key] = inner;
	place(inner, rest, value);
}

/**
 * The only place that accepts or refuses what a user set: every issue at once, before anything is
 * paid for. Unset parameters are left out, so that the API's own defaults hold.
 */
export function parseRequest(model: Model, values: ParameterValues): Parsed {
	const issues: Issue[] = [];
	const advice: string[] = [];
	const root: Record<string, unknown> = { params: {} };
	for (const [name, parameter] of Object.entries(model.parameters)) {
		const value = values.parameters[name];
		const label = parameter.displayName;
		if (isUnset(value)) {
			if (parameter.required) issues.push({ label, message: 'is empty. Fill it in.' });
			continue;
		}
		if (parameter.field.kind === 'unavailable') {
			advice.push(`'${label}' was not sent: ${parameter.field.reason}.`);
			continue;
		}
		const parsed = parameter.schema.safeParse(value);
		if (!parsed.success) {
			for (const { message } of parsed.error.issues) issues.push({ label, value, message });
			continue;
		}
		const recommendation = parameter.advise?.(parsed.data);
		if (recommendation) advice.push(recommendation);
		place(root, parameter.path ?? ['params', name], parsed.data);
	}
	const size = model.size?.parse(values.size);
	if (size) {
		issues.push(...size.issues);
		advice.push(...size.advice);
	}
	if (model.images) {
		issues.push(...checkCount(model.images, values.images));
		const { referenceTypes } = model.images;
		if (referenceTypes) issues.push(...checkReferenceTypes(referenceTypes, values));
		for (const image of values.images) {
			const issue = 'url' in image ? checkUrl(image.url) : undefined;
			if (issue) issues.push(issue);
		}
	}
	const params: Record<string, unknown> = {
		...(isRecord(root.params) ? root.params : {}),
		...size?.params,
	};
	if (model.imageGroup) {
		const issue = fitGroup(
			model.imageGroup,
			model.parameters,
			params,
			values.images.length,
			advice,
		);
		if (issue) issues.push(issue);
	}
	return {
		request: { model: typeof root.model === 'string' ? root.model : model.id, params },
		issues,
		advice,
	};
}

function checkReferenceTypes(types: Parameter, { images }: ParameterValues): Issue[] {
	return images.flatMap(({ referenceType: value }) => {
		const parsed = isUnset(value) ? undefined : types.schema.safeParse(value);
		return (parsed?.error?.issues ?? []).map(({ message }) => ({
			label: types.displayName,
			value,
			message,
		}));
	});
}

/** `'Image Group' is 'Automatic'`: a parameter's value as the editor shows it. */
function choiceInWords(
	{ parameter: name, value }: ImageGroup['enabledBy'],
	parameters: Model['parameters'],
): string {
	const { displayName = name, field } = parameters[name] ?? {};
	const options = field?.kind === 'choice' ? field.options : [];
	const shown = options.find((option) => option.value === value)?.name ?? value;
	return `'${displayName}' is '${shown}'`;
}

const valueAt = (target: unknown, path: readonly string[]): unknown =>
	path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), target);

/**
 * References and generated images share a limit: a number that the user set must fit, the API's
 * default shrinks. The number counts only while groups are on, but a wrong one is refused anyway.
 */
function fitGroup(
	{ maxTotal, limitedBy, enabledBy }: ImageGroup,
	parameters: Model['parameters'],
	params: Record<string, unknown>,
	references: number,
	advice: string[],
): Issue | undefined {
	const parameter = parameters[limitedBy];
	const path = (parameter?.path ?? ['params', limitedBy]).slice(1);
	const asked = valueAt(params, path);
	const room = maxTotal - references;
	const on = params[enabledBy.parameter] === enabledBy.value;
	if (typeof asked === 'number') {
		if (!on) {
			advice.push(
				`'${parameter?.displayName ?? limitedBy}' has no effect unless ${choiceInWords(enabledBy, parameters)}: one image is made.`,
			);
		}
		// With more images than are allowed at all, that is what has to be mended.
		return asked > room && room > 0
			? {
					label: parameter?.displayName ?? limitedBy,
					value: asked,
					message: `is too high together with ${references} input ${references === 1 ? 'image' : 'images'}. Both together may be at most ${maxTotal}, so use ${room} or less.`,
				}
			: undefined;
	}
	const fallback = parameter?.default;
	if (on && typeof fallback === 'number' && fallback > room) {
		place(params, path, room);
	}
	return undefined;
}

/** The most images that a request may return: what a dry run announces. */
export function mostImages(model: Model, { params }: Request): number {
	const { imageGroup: group } = model;
	if (!group || params[group.enabledBy.parameter] !== group.enabledBy.value) return 1;
	const parameter = model.parameters[group.limitedBy];
	const asked = valueAt(params, (parameter?.path ?? ['params', group.limitedBy]).slice(1));
	return typeof asked === 'number' ? asked : Number(parameter?.default ?? group.maxTotal);
}

/** Puts the images into a request's parameters, in the form that the model takes them. */
export function placeImages(
	model: Model,
	params: Record<string, unknown>,
	images: readonly InputImage[],
	inline: (image: Extract<InputImage, { file: unknown }>, asDataUri: boolean) => unknown,
): Record<string, unknown> {
	const { images: limits } = model;
	if (!limits || images.length === 0) return params;
	const mixed = limits.sentAs === 'mixed';
	const sent = images.map((image) => ('url' in image ? image.url : inline(image, mixed)));
	const fallback = limits.referenceTypes?.default;
	const types = images.map(({ referenceType }) => referenceType ?? fallback);
	return {
		...params,
		...(mixed
			? { image: sent.length === 1 ? sent[0] : sent }
			: { ['url' in (images[0] ?? {}) ? 'image_urls' : 'binary_data_base64']: sent }),
		...(limits.referenceTypes &&
			types.some((type) => type !== fallback) && { ref_type_list: types }),
	};
}
