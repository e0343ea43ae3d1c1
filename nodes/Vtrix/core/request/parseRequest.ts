import { fitGroup } from '../definition/imageGroup';
import { checkCount, checkUrl } from './checkImage';
import type { Issue } from '../shared/issues';
import type { Model } from '../definition/model';
import { isUnset, readValue, type Parameter } from '../definition/parameter';
import { getPath, isRecord, setPath } from '../shared/objectPath';
import { parseSize, type SizeValues } from './parseSize';
import { parameterOf, placeFiles, type FilePlacement } from './placeFiles';

/** What the user set for one item: raw values by API name, unset ones included or not. */
export interface RawParameters {
	parameters: Readonly<Record<string, unknown>>;
	size: SizeValues;
	/** Input images in their order; a file's content is checked separately, by its bytes. */
	images: readonly InputImageSource[];
	/** Other input files, for a model that takes them anywhere. */
	files?: readonly FilePlacement[];
}

/** Where an input image comes from, before anything is read; `File` is whatever leads to a file. */
export type InputImageSource<File = { binaryPropertyName: string }> = {
	referenceType?: unknown;
} & (
	| { url: string }
	| File
	/** Already rejected; it still counts towards the number of images. */
	| { rejected: true }
);

/** A valid request, whose images are not yet in their places. */
export interface GenerationRequest {
	model: string;
	/** Documented parameters by their API names, without image data. */
	params: Record<string, unknown>;
}

/** What the check of what the user set comes to. */
export interface ParseResult {
	request: GenerationRequest;
	issues: Issue[];
	/** Recommendations that are not followed, as sentences. */
	warnings: string[];
	/** Whether the first input image is still to decide the size. */
	isLikeInput: boolean;
}

/**
 * The only place that accepts or rejects what a user set: every issue at once, before anything is
 * paid for. Unset parameters are left out, so that the API's own defaults hold.
 */
export function parseRequest(model: Model, values: RawParameters): ParseResult {
	const issues: Issue[] = [];
	const warnings: string[] = [];
	const root: Record<string, unknown> = {};
	for (const [name, parameter] of Object.entries(model.parameters)) {
		const value = values.parameters[name];
		const label = parameter.displayName;
		if (isUnset(value)) {
			const comes = values.files?.some(({ path }) => parameterOf(path) === name);
			if (parameter.required && !comes) issues.push({ label, message: 'is empty. Fill it in.' });
			continue;
		}
		if (parameter.field.kind === 'unavailable') {
			warnings.push(`'${label}' was not sent: ${parameter.field.reason}.`);
			continue;
		}
		const read = readValue(parameter, value);
		issues.push(...read.issues);
		if (read.issues.length > 0) continue;
		const recommendation = parameter.warn?.(read.value);
		if (recommendation) warnings.push(recommendation);
		setPath(root, parameter.path ?? ['params', name], read.value);
	}
	issues.push(...missingBeside(model, root));
	const size = model.size && parseSize(model.size, values.size, model.images !== undefined);
	if (size) {
		issues.push(...size.issues);
		warnings.push(...size.warnings);
	}
	const { images: limits } = model;
	if (limits) {
		issues.push(...checkCount(limits, values.images));
		const { referenceTypes } = limits;
		if (referenceTypes) issues.push(...checkReferenceTypes(referenceTypes, values));
		for (const image of values.images) {
			const issue = 'url' in image ? checkUrl(limits, image.url) : undefined;
			if (issue) issues.push(issue);
		}
	}
	const placed = placeFiles(isRecord(root.params) ? root.params : {}, values.files ?? []);
	issues.push(...placed.issues);
	const params: Record<string, unknown> = { ...placed.params, ...size?.params };
	if (model.imageGroup) {
		const fitted = fitGroup(model.imageGroup, model.parameters, params, values.images.length);
		issues.push(...fitted.issues);
		warnings.push(...fitted.warnings);
	}
	return {
		request: { model: typeof root.model === 'string' ? root.model : model.id, params },
		issues,
		warnings,
		isLikeInput: size?.isLikeInput === true,
	};
}

/** Parameters that are required once others of the same object are set. */
const missingBeside = ({ parameters }: Model, root: Record<string, unknown>): Issue[] =>
	Object.values(parameters).flatMap(({ displayName: label, path = [], requiredWith }) => {
		const isMissing =
			requiredWith !== undefined &&
			getPath(root, requiredWith) !== undefined &&
			getPath(root, path) === undefined;
		const object = requiredWith?.slice(1).join('.');
		const message = `is empty. Fill it in, or leave all of '${object}' empty.`;
		return isMissing ? [{ label, message }] : [];
	});

const checkReferenceTypes = (types: Parameter, { images }: RawParameters): Issue[] =>
	images.flatMap(({ referenceType: value }) =>
		isUnset(value) ? [] : readValue(types, value).issues,
	);
