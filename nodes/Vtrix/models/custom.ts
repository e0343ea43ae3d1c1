import { defineModel } from '../core/definition/model';
import { id, json } from '../core/definition/parameters';

/** Any other model of the gateway, by its id and parameters as JSON; its limits are not known here. */
export const customModel = defineModel({
	id: 'custom',
	displayName: 'Custom Model',
	description:
		'Any other model that Vtrix offers, for videos, too, by a form or by its ID and JSON parameters',
	parameters: {
		custom_model_id: id({
			displayName: 'Model ID',
			description: "The model's ID as its documentation page gives it",
			placeholder: 'e.g. spark_dream_5_0',
			required: true,
			path: ['model'],
		}),
		custom_parameters: json({
			displayName: 'Parameters',
			description:
				"The model's parameters as a JSON object, named as its documentation names them; they are sent as they are",
			required: true,
			path: ['params'],
			default: '{\n  "prompt": ""\n}',
		}),
	},
	takesFiles: true,
	isAny: true,
	// Many models of the gateway make videos, audio or drawings.
	makes: 'file',
	errorCodes: {},
});
