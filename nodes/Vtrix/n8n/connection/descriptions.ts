import {
	NodeOperationError,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
	type ResourceMapperFields,
} from 'n8n-workflow';
import { z } from 'zod/v3';
import {
	DescribedModels,
	listModels,
	NoDescriptionError,
	type Asking,
} from '../../core/description/descriptions';
import { isUnset } from '../../core/definition/parameter';
import type { Issue } from '../../core/shared/issues';
import { trimPasted } from '../../core/shared/pasted';
import { findModel } from '../../models';
import {
	DESCRIBED_MODEL,
	DESCRIBED_MODEL_LABEL,
	formOf,
	PARAMETERS_AS,
} from '../form/describedFields';
import type { ChosenModel } from '../input/readParameters';
import { CREDENTIAL, publicTransport, realClock } from './transport';

const described = new DescribedModels();

const credentialSchema = z.object({ descriptionsUrl: z.string().catch('') });

/**
 * The host of descriptions by the credential, which tells nothing else of it. The dialog offers no
 * expression for it; one that is saved over n8n's API is evaluated by n8n before the node can see it.
 */
async function descriptionsUrl(
	context: Pick<IExecuteFunctions | ILoadOptionsFunctions, 'getCredentials'>,
	itemIndex?: number,
): Promise<string> {
	const credential = await context.getCredentials(CREDENTIAL, itemIndex).catch(() => ({}));
	return credentialSchema.parse(credential).descriptionsUrl;
}

const asking = (context: Parameters<typeof publicTransport>[0], url: string): Asking => ({
	http: { fetch: publicTransport(context) },
	clock: realClock(undefined),
	descriptionsUrl: url,
});

/** The models of the gateway that hold what was searched for, for the field Model. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
	const models = await listModels(asking(this, await descriptionsUrl(this))).catch(told(this));
	const found = models.filter(({ id, name, type, description }) => {
		const text = `${id} ${name} ${type} ${description}`.toLowerCase();
		return words.every((word) => text.includes(word));
	});
	return {
		results: found
			.map(({ id, name, type, description }) => ({
				name: `${name || id}${type && ` (${type})`}`,
				value: id,
				...(description && { description }),
			}))
			.sort((one, other) => (one.name < other.name ? -1 : 1)),
	};
}

/** The fields of the chosen model, for the form of its parameters. */
export async function describeParameters(
	this: ILoadOptionsFunctions,
): Promise<ResourceMapperFields> {
	const id = modelId(this.getNodeParameter(DESCRIBED_MODEL, ''));
	if (!id) return { fields: [], emptyFieldsNotice: 'Choose a model first' };
	const url = await descriptionsUrl(this);
	const model = await described.get(id, asking(this, url)).catch(told(this));
	return { fields: formOf(model) };
}

const told = (context: ILoadOptionsFunctions) => (error: unknown) => {
	const message = error instanceof Error ? error.message : String(error);
	throw new NodeOperationError(context.getNode(), message);
};

const locatorSchema = z.object({ value: z.unknown() }).transform(({ value }) => value);

/** The ID in the field of a described model; empty if there is none. */
function modelId(field: unknown): string {
	const value = locatorSchema.safeParse(field).data ?? field;
	return typeof value === 'string' && !isUnset(value) ? trimPasted(value) : '';
}

/** The model that an item chooses, one of the list or one that the vendor describes. */
export async function readModel(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<ChosenModel | Issue> {
	const read = (name: string): unknown => context.getNodeParameter(name, itemIndex, null);
	const value = read('model');
	const model = findModel(value);
	if (!model) {
		return {
			label: 'Model',
			value,
			message:
				"is not one of the models. Choose one from the list, or 'Custom Model' for another ID.",
		};
	}
	if (!model.isAny || read(PARAMETERS_AS.name) !== 'form') return { model, isForm: false };
	const id = modelId(read(DESCRIBED_MODEL));
	if (!id) return { label: DESCRIBED_MODEL_LABEL, message: 'is empty. Choose one from the list.' };
	const url = await descriptionsUrl(context, itemIndex);
	return await described.get(id, asking(context, url)).then(
		(found) => ({ model: found, isForm: true }),
		(error: unknown) => {
			if (!(error instanceof NoDescriptionError)) return Promise.reject(error);
			return { label: `${DESCRIBED_MODEL_LABEL}:`, message: error.message };
		},
	);
}
