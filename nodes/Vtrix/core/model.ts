import { fitGroup, type ImageGroup } from './imageGroup';
import { checkCount, checkUrl, type InputImages } from './images';
import type { Issue } from './issues';
import { isUnset, type Parameter } from './parameters';
import { isRecord, place } from './paths';
import type { Size, SizeValues } from './size';

/** A documented error code: what happened and how to mend it, in our words. */
export interface ErrorAdvice {
	message: string;
	advice: string;
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
		const fitted = fitGroup(model.imageGroup, model.parameters, params, values.images.length);
		issues.push(...fitted.issues);
		advice.push(...fitted.advice);
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
