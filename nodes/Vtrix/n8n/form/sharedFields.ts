import type { INodeProperties } from 'n8n-workflow';

/** What one model shows, in its order. */
interface EntriesOfModel<Entry> {
	model: string;
	entries: readonly Entry[];
}

/** What is the same for these models. */
interface Shared<Entry> {
	entry: Entry;
	models: string[];
}

/**
 * Several models' entries as one list, in which those that are equal in everything are one. Each
 * model finds its own in their own order.
 */
function share<Entry>(lists: ReadonlyArray<EntriesOfModel<Entry>>): Array<Shared<Entry>> {
	const shared: Array<Shared<Entry> & { key: string }> = [];
	for (const { model, entries } of lists) {
		// From the last to the first: a new entry goes right before the one that follows it.
		let place = shared.length;
		for (const entry of [...entries].reverse()) {
			const key = JSON.stringify(entry);
			const known = shared.slice(0, place).findIndex((other) => other.key === key);
			if (known >= 0) {
				shared[known]?.models.push(model);
				place = known;
			} else {
				shared.splice(place, 0, { entry, models: [model], key });
			}
		}
	}
	return shared;
}

/** Entries that are each shown for the models that have them, by the Model field from their place. */
const shareShowing =
	(modelField: 'model' | '/model') =>
	<Entry extends Pick<INodeProperties, 'displayOptions'>>(
		lists: ReadonlyArray<EntriesOfModel<Entry>>,
	) =>
		share(lists).map(({ entry, models }) => {
			if (models.length === lists.length) return entry;
			const show = { ...entry.displayOptions?.show, [modelField]: models };
			return { ...entry, displayOptions: { ...entry.displayOptions, show } };
		});

/** Entries of a dropdown beside the Model field. */
export const shareOptions = shareShowing('model');

/** Fields of a collection. */
export const shareInCollection = shareShowing('/model');

/**
 * Fields beside the Model field, each shown for the models that have it. Of several fields with one
 * name the first is hidden for the others' models, by which n8n's AI builder sees that they are one.
 */
export function shareFields(
	lists: ReadonlyArray<EntriesOfModel<INodeProperties>>,
): INodeProperties[] {
	const all = lists.map(({ model }) => model);
	const fields = share(lists);
	return fields.map(({ entry, models }) => {
		if (models.length === all.length) return entry;
		const { show, hide } = entry.displayOptions ?? {};
		const others = all.filter((model) => !models.includes(model));
		const [first, second] = fields.filter((field) => field.entry.name === entry.name);
		const isFirst = second !== undefined && first?.entry === entry;
		const displayOptions =
			isFirst || others.length < models.length
				? { ...(show && { show }), hide: { ...hide, model: others } }
				: { ...(hide && { hide }), show: { ...show, model: models } };
		return { ...entry, displayOptions };
	});
}
