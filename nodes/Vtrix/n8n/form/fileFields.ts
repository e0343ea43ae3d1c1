import type { INodeProperties } from 'n8n-workflow';
import type { Model } from '../../core/definition/model';

/** Label of the rows that put files among a model's parameters. */
export const FILES_LABEL = 'Files';

/** The rows of files of a model that takes them anywhere among its parameters. */
export const fileFields = ({ takesFiles }: Model): INodeProperties[] =>
	takesFiles
		? [
				{
					displayName: FILES_LABEL,
					name: 'inputFiles',
					type: 'fixedCollection',
					typeOptions: { multipleValues: true, sortable: true },
					placeholder: 'Add File',
					default: {},
					description:
						'Photos, videos, sound or other files of the input that the model works with, each with the parameter that takes it',
					options: [
						{
							displayName: 'File',
							name: 'file',
							values: [
								{
									displayName: 'Parameter',
									name: 'parameter',
									type: 'string',
									default: '',
									required: true,
									placeholder: 'e.g. image_url or content[1].image_url.url',
									description:
										"Which of the model's parameters takes the file; images[] adds it to the list images, and [0] is the first entry of a list",
								},
								{
									displayName: 'Input File Field',
									name: 'fieldName',
									type: 'string',
									default: 'data',
									required: true,
									placeholder: 'e.g. data',
									description:
										'Name of the field that holds the file in the input; several names separated by commas are sent as a list',
								},
								{
									displayName: 'Send As',
									name: 'sendAs',
									type: 'options',
									options: [
										{
											name: 'Data URI',
											value: 'dataUri',
											description: 'For parameters that take a URL: data:image/png;base64,…',
										},
										{
											name: 'Base64',
											value: 'base64',
											description: 'For parameters that ask for base64 alone',
										},
									],
									default: 'dataUri',
									description: 'How the file is written into the request',
								},
							],
						},
					],
				},
			]
		: [];
