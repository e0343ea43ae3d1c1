import { z } from 'zod/v3';
import type { Model } from '../definition/model';
import { isUnset, readValue, type Parameter, type ParameterBase } from '../definition/parameter';
import {
	choice,
	decimal,
	integer,
	json,
	jsonValue,
	list,
	text,
	toggle,
} from '../definition/parameters';
import { PlacedFile } from '../definition/placedFile';
import { formatNumber } from '../shared/format';
import { getPath, isRecord, withPath } from '../shared/objectPath';
import type { DescribedParameter, Description } from './readDescription';

/** A described model as one of ours, so that it is shown, checked and sent as those are. */
export const toModel = ({ id, name, parameters }: Description): Model => ({
	id,
	displayName: name || id,
	description: '',
	parameters: Object.fromEntries(
		// The model's ID stands outside of the parameters.
		toParameters(parameters.filter((parameter) => parameter.name !== 'model')),
	),
	takesFiles: true,
	makes: 'file',
	errorCodes: {},
});

interface Place {
	/** From the beginning of the request: `['params', 'camera_control']`. */
	path: readonly string[];
	isRequired: boolean;
}

/** The parameters by their paths, `camera_control.config.zoom`; the required ones first. */
function toParameters(
	described: readonly DescribedParameter[],
	{ path, isRequired }: Place = { path: ['params'], isRequired: true },
): Array<[string, Parameter]> {
	const all = described.flatMap((one): Array<[string, Parameter]> => {
		const place = { path: [...path, one.name], isRequired: isRequired && one.required };
		if (one.type === 'object' && one.children.length > 0) return toParameters(one.children, place);
		const name = place.path.slice(1).join('.');
		const common: ParameterBase = {
			displayName: name,
			description: one.description,
			path: place.path,
			required: place.isRequired,
			...(one.required && !isRequired && { requiredWith: path }),
		};
		const usedByDefault = one.default === undefined ? {} : { usedByDefault: one.default };
		return [[name, { ...toParameter(one, common), ...usedByDefault, ...limitsOf(one) }]];
	});
	const needed = all.filter(([, { required }]) => required);
	return [...needed, ...all.filter((entry) => !needed.includes(entry))];
}

const NUMBER = /^(int(eger)?|float|number)$/;
const WHOLE = /^int(eger)?$/;
const TOGGLE = /^bool(ean)?$/;

/** One of our kinds of parameter; a kind that is not known becomes JSON. */
function toParameter(described: DescribedParameter, common: ParameterBase): Parameter {
	const { type, options, min, max, minLength, maxLength, maxItems, children } = described;
	if (TOGGLE.test(type)) return toggle(common);
	if (options.length > 0 && (type === 'string' || NUMBER.test(type))) {
		const offered = choice({
			...common,
			options: options.map((value) => ({ value, name: value })),
		});
		const fromNumber = z.preprocess(
			(value) => (typeof value === 'number' ? String(value) : value),
			offered.schema,
		);
		return {
			...offered,
			schema: type === 'string' ? fromNumber : fromNumber.transform(Number),
		};
	}
	if (NUMBER.test(type)) {
		const range = {
			...common,
			min: min ?? -Number.MAX_SAFE_INTEGER,
			...(max !== undefined && { max }),
		};
		return WHOLE.test(type) ? integer(range) : decimal(range);
	}
	if (type === 'string') {
		const string = text({
			...common,
			...(maxLength !== undefined && { maxCharacters: maxLength }),
		});
		if (!minLength) return takesFile(string);
		return takesFile({
			...string,
			schema: string.schema.refine((value) => [...String(value)].length >= minLength, {
				message: `is too short. At least ${formatNumber(minLength)} characters are needed.`,
			}),
		});
	}
	if (type === 'object') return json(common);
	if (!type.startsWith('array')) return jsonValue(common);
	const isOfTexts = type === 'array[string]';
	const entries = list({ ...common, isOfTexts, ...(maxItems !== undefined && { maxItems }) });
	return children.length === 0 ? entries : { ...entries, schema: ofObjects(entries, children) };
}

function ofObjects(entries: Parameter, children: readonly DescribedParameter[]) {
	const fields = toParameters(children, { path: [], isRequired: true });
	return entries.schema.transform((value, context): unknown => {
		const reject = (message: string) => context.addIssue({ code: 'custom', message });
		return (Array.isArray(value) ? value : []).map((entry: unknown, index) => {
			if (!isRecord(entry)) {
				reject(`has an entry [${index}] that is no object.`);
				return entry;
			}
			let copy = entry;
			for (const [, parameter] of fields) {
				const { path = [], required, requiredWith } = parameter;
				const name = `[${index}].${path.join('.')}`;
				const inner = getPath(copy, path);
				const isNeeded = required || (requiredWith && getPath(copy, requiredWith) !== undefined);
				if (isUnset(inner)) {
					if (isNeeded) reject(`has no ${name}. Add it.`);
					continue;
				}
				const { value: sent, issues } = readValue(parameter, inner);
				for (const { message } of issues) reject(`has a ${name} that ${message}`);
				if (sent !== inner) copy = withPath(copy, path, sent);
			}
			return copy;
		});
	});
}

function limitsOf({ type, min, max }: DescribedParameter): Pick<Parameter, 'limits'> | undefined {
	if (!NUMBER.test(type)) return undefined;
	if (min !== undefined && max !== undefined) return { limits: `${min} to ${max}` };
	if (min !== undefined) return { limits: `${min} or more` };
	return { limits: max === undefined ? '' : `${max} or less` };
}

/** A parameter that a file of the item can stand for as well. */
function takesFile(parameter: Parameter): Parameter {
	return {
		...parameter,
		schema: z.unknown().transform((value, context): unknown => {
			if (value instanceof PlacedFile) return value;
			const { value: sent, issues } = readValue(parameter, value);
			for (const { message } of issues) context.addIssue({ code: 'custom', message });
			return sent;
		}),
	};
}
