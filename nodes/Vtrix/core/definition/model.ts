import type { ErrorAdvice } from '../shared/errors';
import type { ResultKind } from '../imageFile/mediaKind';
import type { ImageGroup } from './imageGroup';
import type { InputImages } from './inputImages';
import { readValue, type Parameter } from './parameter';
import { issueText } from '../shared/issues';
import type { Size } from './size';

/** One model of the gateway: the single declaration that everything else derives from. */
export interface Model {
	id: string;
	displayName: string;
	/** One line for the dropdown: what it is for. */
	description: string;
	/** The page that documents its parameters and limits: the source of this declaration. */
	documentationUrl?: string;
	/** Documented parameters by their API names, without images and size. */
	parameters: Readonly<Record<string, Parameter>>;
	images?: InputImages;
	size?: Size;
	imageGroup?: ImageGroup;
	/** Whether files of any kind can stand anywhere in its parameters. */
	takesFiles?: boolean;
	/** Whether it stands for any model of the gateway, which the vendor may describe. */
	isAny?: boolean;
	makes?: ResultKind;
	errorCodes: Readonly<Record<string, ErrorAdvice>>;
}

/** Checks a declaration when it is made, so that a slip shows at the first start. */
export function defineModel(model: Model): Model {
	const { imageGroup } = model;
	if (imageGroup) {
		const { limitedBy, enabledBy } = imageGroup;
		parameterOf(model, limitedBy);
		const [issue] = readValue(parameterOf(model, enabledBy.parameter), enabledBy.value).issues;
		if (issue) throw new Error(`${model.id}: ${issueText(issue)}`);
	}
	return model;
}

function parameterOf({ id, parameters }: Model, name: string): Parameter {
	const parameter = parameters[name];
	if (!parameter) throw new Error(`${id} declares no parameter '${name}'`);
	return parameter;
}

/** `guidance_scale1` → `guidanceScale1`: an API name as an n8n field name. */
export const toFieldName = (apiName: string): string =>
	apiName.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
