import type { InputImages } from '../../nodes/Vtrix/core/definition/inputImages';
import type { Model } from '../../nodes/Vtrix/core/definition/model';
import type { Field, Parameter } from '../../nodes/Vtrix/core/definition/parameter';
import { formatMegabytes, formatNumber, formatRatio } from '../../nodes/Vtrix/core/shared/format';
import { formatsInWords } from '../../nodes/Vtrix/core/definition/inputImages';
import { FACTS, type ModelId } from '../../test/standin/facts';
import { markdownTable } from './markdownTable';

const FIELD = 'field, before sending';
const SENDING = 'before sending';
const WARNING = 'warning';
const API = 'the API alone';

/** A limit in words, and who checks it. */
type Limit = readonly [limit: string, checked: string];

/** Leaves out what is not declared. */
const limits = (...all: Array<Limit | false | undefined>): Limit[] =>
	all.filter((limit) => limit !== false && limit !== undefined);

const ofParameters =
	(read: (parameter: Parameter) => Limit[]) =>
	({ parameters }: Model): Limit[] =>
		Object.values(parameters).flatMap(read);

const ofImages =
	(read: (images: InputImages) => Limit[]) =>
	({ images }: Model): Limit[] =>
		images ? read(images) : [];

const isDocumented = (id: string): id is ModelId => Object.hasOwn(FACTS, id);

/** What each kind of parameter limits, and who checks it; the compiler asks for each of them. */
const LIMITS_BY_KIND: {
	[Kind in Field['kind']]: (parameter: Parameter) => Limit[];
} = {
	text: ({ displayName, limits: inWords, recommended }) =>
		limits(
			inWords !== '' && [`${displayName}: ${inWords}`, SENDING],
			recommended !== undefined && [`${displayName}: ${recommended} recommended`, WARNING],
		),
	number: ({ displayName, limits: inWords }) => [[`${displayName}: ${inWords}`, FIELD]],
	choice: () => [['Choices: one of their values', FIELD]],
	toggle: () => [['Switches: on or off', FIELD]],
	json: ({ displayName, limits: inWords }) => [[`${displayName}: ${inWords}`, SENDING]],
	unavailable: ({ displayName, limits: inWords }) => [
		[`${displayName}: ${inWords}`, 'the field says so; left out with a warning'],
	],
};

const PARAMETER_KINDS = Object.entries(LIMITS_BY_KIND).map(([kind, limitsOf]) =>
	ofParameters((parameter) => (parameter.field.kind === kind ? limitsOf(parameter) : [])),
);

/** Every kind of limit, in the order of the table: what a model declares of it. */
const KINDS: ReadonlyArray<(model: Model) => Limit[]> = [
	ofParameters(({ displayName, required }) =>
		limits(required && [`${displayName}: filled in`, FIELD]),
	),
	...PARAMETER_KINDS,
	({ size }) =>
		limits(
			size && [`Size: ${size.limits}`, size.sends.length > 1 ? FIELD : SENDING],
			size?.discouraged !== undefined && [
				`Size: ${size.discouraged.inWords} may give poor images`,
				WARNING,
			],
		),
	({ id }) => {
		const rounded = isDocumented(id) ? FACTS[id].size.roundedTo : undefined;
		if (!rounded) return [];
		const { multipleOf, side } = rounded;
		return [[`Size: rounded to multiples of ${multipleOf}, ${side.min} to ${side.max}`, API]];
	},
	ofImages(({ min, max }) => [
		[`Input images: ${min === max ? `exactly ${max}` : `${min} to ${max}`}`, FIELD],
	]),
	({ imageGroup: group, parameters }) => {
		if (!group) return [];
		const label = (name: string) => parameters[name]?.displayName ?? name;
		const limitedBy = label(group.limitedBy);
		return [
			[
				`Input images and ${limitedBy} together: at most ${group.maxTotal}; the default shrinks`,
				SENDING,
			],
			[`${limitedBy} only with ${label(group.enabledBy.parameter)}`, WARNING],
		];
	},
	ofImages(({ referenceTypes: types }) =>
		limits(types && [`${types.displayName} of each image: ${types.limits}`, FIELD]),
	),
	ofImages(({ sentAs }) =>
		limits(sentAs === 'separate' && ['Input images: files or URLs, not both', SENDING]),
	),
	ofImages((images) => [
		[`Format of an image, by its bytes: ${formatsInWords(images)}`, SENDING],
		[
			`File of an image, before base64: at most ${formatMegabytes(images.maxBytes)}`,
			`${SENDING}, unread where n8n knows the size`,
		],
	]),
	ofImages(() => [
		['File of an image: whole, and not base64 text', SENDING],
		['Image that stands upright without a mark that turns it (EXIF orientation)', WARNING],
	]),
	ofImages(({ maxSide, longerThan, maxPixels, maxRatio, recommendedRatio: best }) =>
		limits(
			maxSide !== undefined && [`Sides of an image: at most ${maxSide} pixels`, SENDING],
			longerThan !== undefined && [`Sides of an image: more than ${longerThan} pixels`, SENDING],
			maxPixels !== undefined && [
				`Width × height of an image: at most ${formatNumber(maxPixels)}`,
				SENDING,
			],
			maxRatio !== undefined && [
				`Longer side of an image: at most ${maxRatio} times the shorter`,
				SENDING,
			],
			best !== undefined && [
				`Shape of an image: ${formatRatio(best)} to ${formatRatio(1 / best)} recommended`,
				WARNING,
			],
		),
	),
	ofImages(() => [
		['URL of an image: complete, http or https, without a login, public', SENDING],
		[
			'File behind a URL of an image: all of the above',
			`${SENDING} with **Check Image URLs** on, else ${API}`,
		],
	]),
];

/** Every limit of the models: whose it is, and who checks it. */
export function limitsAsMarkdown(models: readonly Model[]): string {
	const documented = models.filter(({ id }) => isDocumented(id));
	const rows = KINDS.flatMap((kind) => {
		const holders = new Map<string, { limit: Limit; of: Set<Model> }>();
		for (const model of models) {
			for (const limit of kind(model)) {
				const key = limit.join('|');
				const holder = holders.get(key) ?? { limit, of: new Set() };
				holders.set(key, { ...holder, of: holder.of.add(model) });
			}
		}
		return [...holders.values()].map(({ limit: [limit, checked], of }) => [
			limit,
			documented.every((model) => of.has(model))
				? 'all'
				: [...of].map(({ displayName }) => displayName.replace('Spark ', '')).join(', '),
			checked,
		]);
	});
	return markdownTable(['Limit', 'Models', 'Checked where'], rows);
}
