import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import type { Delivery } from '../core/generate';
import type { Issue } from '../core/issues';
import type { Model } from '../core/model';
import { integer, decimal, isUnset, toggle, type Parameter } from '../core/parameters';
import { toField } from './fields';

/** Where an option of the node itself is offered. */
type Operation = 'generate' | 'get';

interface NodeOption {
	parameter: Parameter;
	operations: readonly Operation[];
	/** Set when it is about input images, so that it is not offered where there are none. */
	aboutImages?: true;
	/** Where it differs from the parameter's default. */
	unsetIn?: Partial<Record<Operation, boolean>>;
}

const OPTIONS = {
	checkImageUrls: {
		operations: ['generate'],
		aboutImages: true,
		parameter: toggle({
			displayName: 'Check Image URLs',
			description:
				'Whether to open each image URL beforehand, to check the format and size of what is there; files are always checked',
			default: false,
		}),
	},
	downloadImages: {
		operations: ['generate', 'get'],
		parameter: toggle({
			displayName: 'Download Images',
			description:
				'Whether to fetch the images as files; turn it off to get only their URLs, which work for 24 hours',
			default: true,
		}),
	},
	dryRun: {
		operations: ['generate'],
		parameter: toggle({
			displayName: 'Dry Run',
			description:
				'Whether to only check everything and show the request, without sending it or paying for it',
			default: false,
		}),
	},
	maxConcurrency: {
		operations: ['generate', 'get'],
		parameter: integer({
			displayName: 'Max Concurrent Tasks',
			description:
				'How many items are worked on at the same time; lower it if Vtrix limits your requests',
			min: 1,
			max: 500,
			default: 10,
		}),
	},
	maxFileSize: {
		operations: ['generate', 'get'],
		parameter: decimal({
			displayName: 'Max File Size (MB)',
			description: 'The largest image to download; a larger one is reported with its URL',
			min: 1,
			max: 1000,
			default: 100,
		}),
	},
	maxPollsPerSecond: {
		operations: ['generate', 'get'],
		parameter: decimal({
			displayName: 'Max Polls per Second',
			description:
				'How often per second the node may ask Vtrix whether images are ready, for all items together',
			min: 0.1,
			max: 1000,
			default: 20,
		}),
	},
	pollInterval: {
		operations: ['generate', 'get'],
		parameter: decimal({
			displayName: 'Poll Interval (Seconds)',
			description: 'How often to ask whether an image is ready; 0 finds the best moments by itself',
			min: 0,
			max: 3600,
			default: 0,
		}),
	},
	spendingLimit: {
		operations: ['generate'],
		parameter: decimal({
			displayName: 'Spending Limit (USD)',
			description:
				'Stop creating tasks once the finished ones of this run cost this much; tasks that are already running still finish, 0 is no limit',
			min: 0,
			default: 0,
		}),
	},
	timeout: {
		operations: ['generate', 'get'],
		parameter: decimal({
			displayName: 'Timeout (Seconds)',
			description:
				'How long to wait for a task; it is not lost then and can be fetched later by its task ID',
			min: 1,
			max: 86_400,
			default: 600,
		}),
	},
	waitForCompletion: {
		operations: ['generate', 'get'],
		// Looking a task up tells its state; whoever wants to wait says so.
		unsetIn: { get: false },
		parameter: toggle({
			displayName: 'Wait for Completion',
			description:
				'Whether to wait until the images are ready; without it the task is returned as it is now',
			default: true,
		}),
	},
} satisfies Record<string, NodeOption>;

type OptionName = keyof typeof OPTIONS;

/** What holds in an operation when an option is not set. */
const unset = ({ parameter, unsetIn }: NodeOption, operation: Operation) =>
	unsetIn?.[operation] ?? parameter.default;

/** Values of the node's own options, for the whole run or for one item. */
export interface NodeOptions extends Delivery {
	binaryPropertyName: string;
	checkImageUrls: boolean;
	dryRun: boolean;
	maxConcurrency: number;
	maxPollsPerSecond: number;
	/** USD; 0 is no limit. */
	spendingLimit: number;
}

const BINARY_PROPERTY: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	description: 'Name of the output field that holds the image file',
};

/** The fields of the node's own options that an operation offers, for a model if it has one. */
export const nodeOptionFields = (
	operation: Operation,
	{ images }: Pick<Model, 'images'> = {},
): INodeProperties[] => [
	BINARY_PROPERTY,
	...Object.entries<NodeOption>(OPTIONS)
		.filter(
			([, { operations, aboutImages }]) =>
				operations.includes(operation) && (!aboutImages || images !== undefined),
		)
		.map(([name, option]) =>
			toField(name, { ...option.parameter, default: unset(option, operation) }),
		),
];

/** Reads the node's own options from the collection. */
export function readNodeOptions(
	collection: Readonly<Record<string, unknown>>,
	operation: Operation,
): { options: NodeOptions; issues: Issue[] } {
	const issues: Issue[] = [];
	const read = (name: OptionName): unknown => {
		const value = collection[name];
		const fallback = unset(OPTIONS[name], operation);
		if (isUnset(value)) return fallback;
		const { schema, displayName } = OPTIONS[name].parameter;
		const parsed = schema.safeParse(value);
		if (parsed.success) return parsed.data;
		issues.push(
			...parsed.error.issues.map(({ message }) => ({ label: displayName, message, value })),
		);
		return fallback;
	};
	const number = (name: OptionName) => z.number().parse(read(name));
	const boolean = (name: OptionName) => z.boolean().parse(read(name));
	const field = collection.binaryPropertyName;
	const spendingLimit = number('spendingLimit');
	const wait = boolean('waitForCompletion');
	if (spendingLimit > 0 && !wait) {
		issues.push({
			label: OPTIONS.spendingLimit.parameter.displayName,
			value: spendingLimit,
			message:
				"cannot be kept without 'Wait for Completion', as a task's cost is known at its end. Turn that on, or set the limit to 0.",
		});
	}
	return {
		options: {
			binaryPropertyName: isUnset(field) ? 'data' : String(field).trim(),
			checkImageUrls: boolean('checkImageUrls'),
			downloadImages: boolean('downloadImages'),
			dryRun: boolean('dryRun'),
			maxConcurrency: number('maxConcurrency'),
			maxBytes: number('maxFileSize') * 1_000_000,
			maxPollsPerSecond: number('maxPollsPerSecond'),
			intervalMs: number('pollInterval') * 1000,
			spendingLimit,
			timeoutMs: number('timeout') * 1000,
			wait,
		},
		issues,
	};
}
