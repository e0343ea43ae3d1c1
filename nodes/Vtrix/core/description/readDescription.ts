import { z } from 'zod/v3';

/** One parameter as Vtrix's descriptions of models have it; bounds as they are told. */
export interface DescribedParameter {
	name: string;
	/** `string`, `int`, `float`, `bool`, `array[string]`, `object` and others. */
	type: string;
	required: boolean;
	description: string;
	/** As texts, also where numbers are meant. */
	options: string[];
	default?: string;
	min?: number;
	max?: number;
	minLength?: number;
	maxLength?: number;
	maxItems?: number;
	/** The fields of an object, or of each object of a list. */
	children: DescribedParameter[];
}

const text = z.string().catch('');
const scalar = z
	.union([z.string(), z.number(), z.boolean()])
	.transform(String)
	.optional()
	.catch(undefined);
const number = z.coerce.number().finite().optional().catch(undefined);
const given = z.preprocess((value) => value ?? undefined, number);

const constraintsSchema = z
	.object({
		enum: z
			.array(z.union([z.string(), z.number(), z.boolean()]).transform(String))
			.nullish()
			.catch(null),
		default: scalar,
		min: given,
		max: given,
		min_length: given,
		max_length: given,
		max_items: given,
	})
	.nullish()
	.catch(null);

const parameterSchema: z.ZodType<DescribedParameter, z.ZodTypeDef, unknown> = z.lazy(() =>
	z
		.object({
			name: z.string().min(1),
			type: text,
			required: z.boolean().catch(false),
			description: text,
			constraints: constraintsSchema,
			children: z.array(parameterSchema).nullish(),
		})
		.transform(({ constraints, children, ...parameter }) => ({
			...parameter,
			options: constraints?.enum ?? [],
			...defined({
				default: constraints?.default,
				min: constraints?.min,
				max: constraints?.max,
				minLength: constraints?.min_length,
				maxLength: constraints?.max_length,
				maxItems: constraints?.max_items,
			}),
			children: children ?? [],
		})),
);

type Defined<Values> = { [Key in keyof Values]?: NonNullable<Values[Key]> };

const defined = <Values extends object>(values: Values): Defined<Values> =>
	Object.fromEntries(
		Object.entries(values).filter(([, value]) => value !== undefined),
	) as Defined<Values>;

/** The status is not looked at: data of the right form are good, whatever stands beside them. */
const specSchema = z.object({
	data: z
		.object({ model_id: text, name: text, parameters: z.array(parameterSchema).min(1) })
		.transform(({ model_id: id, name, parameters }) => ({ id, name, parameters })),
});

/** A model as the vendor describes it. */
export type Description = z.output<typeof specSchema>['data'];

const listedSchema = z.object({ id: z.string().min(1), name: text, type: text, description: text });

/** An entry of the vendor's list of models. */
export type ListedModel = z.output<typeof listedSchema>;

const listSchema = z.object({
	data: z.object({
		models: z.array(listedSchema),
		total_pages: z.number().catch(1),
	}),
});

/** A model's description; `undefined` for an answer of another form. */
export const readDescription = (json: unknown): Description | undefined =>
	specSchema.safeParse(json).data?.data;

/** A page of the list of models; `undefined` for an answer of another form. */
export function readList(json: unknown): { models: ListedModel[]; pages: number } | undefined {
	const read = listSchema.safeParse(json).data?.data;
	return read && { models: read.models, pages: read.total_pages };
}
