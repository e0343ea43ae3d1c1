import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v3';
import type { Parameter } from '../../core/definition/parameter';
import { decimal, integer, text, toggle } from '../../core/definition/parameters';
import { LINK_HOURS } from '../../core/shared/linkLifetime';
import { toField } from './fields';

/** An operation as far as the node's own options depend on it. */
export interface OptionScope {
	/** Whether it creates tasks; otherwise it reads existing ones. */
	creates: boolean;
	/** Whether the model takes input images. */
	takesImages?: boolean;
	/** Whether an AI agent runs the node as its tool. */
	asTool?: boolean;
	/** Whether the model takes files anywhere among its parameters. */
	takesFiles?: boolean;
}

/** One option of the node itself; the key in the table is its name in saved workflows. */
interface NodeOption<Value> {
	parameter: Parameter;
	/** What the parameter's schema yields. */
	value: z.ZodType<Value>;
	/** Where it is offered; everywhere by default. */
	isOffered?: (scope: OptionScope) => boolean;
	/** What holds when it is not set, where that differs from the parameter's default. */
	defaultIn?: (scope: OptionScope) => Value;
}

/** An option of any type of value. */
export type AnyOption = NodeOption<boolean> | NodeOption<number> | NodeOption<string>;

const onOrOff = (
	parameter: Parameters<typeof toggle>[0],
	where: Pick<NodeOption<boolean>, 'isOffered' | 'defaultIn'> = {},
): NodeOption<boolean> => ({ parameter: toggle(parameter), value: z.boolean(), ...where });

const amount = (
	parameter: Parameter,
	where: Pick<NodeOption<number>, 'isOffered'> = {},
): NodeOption<number> => ({ parameter, value: z.number(), ...where });

/** A line of text; blanks around it are ignored. */
const line = (parameter: Parameters<typeof text>[0], fallback = ''): NodeOption<string> => ({
	parameter: text({ ...parameter, rows: 1, default: fallback }),
	value: z.string().trim(),
});

const whereCreating = { isOffered: ({ creates }: OptionScope) => creates };

/** All options of the node itself. */
export const OPTIONS = {
	binaryPropertyName: line(
		{
			displayName: 'Put Output File in Field',
			placeholder: 'e.g. data',
			description: 'Name of the output field that holds the image file',
		},
		'data',
	),
	checkImageUrls: onOrOff(
		{
			displayName: 'Check Image URLs',
			description:
				'Whether to open each image URL beforehand, to check the format and size of what is there; files are always checked',
			default: false,
		},
		{ isOffered: ({ creates, takesImages }) => creates && takesImages === true },
	),
	combineImages: onOrOff({
		displayName: 'Put All Images in One Item',
		description:
			'Whether all images of a task come out in one item, in the fields data, data_2 and so on, so that one e-mail can carry them all; otherwise each is an item of its own',
		default: false,
	}),
	downloadImages: onOrOff(
		{
			displayName: 'Download Images',
			description: `Whether to fetch the images as files; turn it off to get only their URLs, which work for ${LINK_HOURS} hours`,
			default: true,
		},
		// n8n hands no files to agents.
		{ defaultIn: ({ asTool }) => asTool !== true },
	),
	dryRun: onOrOff(
		{
			displayName: 'Dry Run',
			description:
				'Whether to only check everything and show the request, without sending it or paying for it',
			default: false,
		},
		whereCreating,
	),
	fileName: line({
		displayName: 'File Name',
		placeholder: 'e.g. {{ $json.sku }}',
		description:
			'Name of the image file; the extension follows from the image, several images of a task are numbered, and without a name it is made of model and task ID',
	}),
	maxConcurrency: amount(
		integer({
			displayName: 'Max Concurrent Tasks',
			description:
				'The most items to work on at the same time; 0 finds by itself how many Vtrix takes',
			min: 0,
			max: 500,
			default: 0,
		}),
	),
	maxFileSize: amount(
		decimal({
			displayName: 'Max File Size (MB)',
			description: 'The largest image to download; a larger one is reported with its URL',
			min: 1,
			max: 1000,
			default: 100,
		}),
	),
	maxPollsPerSecond: amount(
		decimal({
			displayName: 'Max Polls per Second',
			description:
				'How often per second the node may ask Vtrix whether images are ready, for all items together; 0 finds by itself how often is enough',
			min: 0,
			max: 1000,
			default: 0,
		}),
	),
	maxUpload: amount(
		decimal({
			displayName: 'Max Upload (MB)',
			description: 'The most that the input files of a task may be large together',
			min: 1,
			max: 1000,
			default: 100,
		}),
		{ isOffered: ({ takesFiles }) => takesFiles === true },
	),
	pollInterval: amount(
		decimal({
			displayName: 'Poll Interval (Seconds)',
			description: 'How often to ask whether an image is ready; 0 finds the best moments by itself',
			min: 0,
			max: 3600,
			default: 0,
		}),
	),
	spendingLimit: amount(
		decimal({
			displayName: 'Spending Limit (USD)',
			description:
				'Stop creating tasks before all those of this node in one execution cost more, over loops, tool calls and retries; it is passed by one task at most, 0 is no limit',
			min: 0,
			default: 0,
		}),
		whereCreating,
	),
	timeout: amount(
		decimal({
			displayName: 'Timeout (Seconds)',
			description:
				'How long to wait for a task, up to 3 days; it is not lost then and can be fetched later by its task ID, and a task of hours is better fetched in a loop of Wait and Task › Get, with Wait for Completion off',
			min: 1,
			max: 259_200,
			default: 600,
		}),
	),
	waitForCompletion: onOrOff(
		{
			displayName: 'Wait for Completion',
			description:
				'Whether to wait until the images are ready; without it the task is returned as it is now',
			default: true,
		},
		// Task › Get returns the task's state at once unless waiting is asked for.
		{ defaultIn: ({ creates }) => creates },
	),
} satisfies Record<string, AnyOption>;

/**
 * Values of the node's own options in the units of their fields, for the whole run or for one item.
 */
export type NodeOptions = {
	[Name in keyof typeof OPTIONS]: z.output<(typeof OPTIONS)[Name]['value']>;
};

/** What holds when an option is not set. */
export const defaultOf = ({ parameter, value, defaultIn }: AnyOption, scope: OptionScope) =>
	defaultIn?.(scope) ?? value.parse(parameter.default);

/** What makes no sense for an agent, who is given no files and calls for one item at a time. */
const NOT_FOR_TOOLS: ReadonlySet<string> = new Set<keyof typeof OPTIONS>([
	'binaryPropertyName',
	'fileName',
	'maxConcurrency',
	'maxFileSize',
	'maxPollsPerSecond',
]);

/** The fields of the node's own options that an operation offers. */
export const nodeOptionFields = (scope: OptionScope): INodeProperties[] =>
	Object.entries<AnyOption>(OPTIONS)
		.filter(([, { isOffered }]) => isOffered?.(scope) ?? true)
		.map(([name, option]) => ({
			...toField(name, { ...option.parameter, default: defaultOf(option, scope) }),
			...(NOT_FOR_TOOLS.has(name) && { displayOptions: { hide: { '@tool': [true] } } }),
		}));

/** The node's own options that hold text, by their names in saved workflows. */
export const TEXT_OPTIONS: ReadonlyArray<{ name: string; label: string }> =
	Object.entries<AnyOption>(OPTIONS)
		.filter(([, { parameter }]) => parameter.holdsText)
		.map(([name, { parameter }]) => ({ name, label: parameter.displayName }));

/** The collection of options, sorted by label as n8n asks for. */
export const optionsCollection = (fields: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [...fields].sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
});
