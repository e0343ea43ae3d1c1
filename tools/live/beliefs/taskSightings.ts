import {
	BY_STATE,
	HEAD,
	imageFields,
	STATUS,
	USAGE,
	type Field,
} from '../../../test/standin/answers/taskShapes';
import { isRecord } from '../../../test/standin/validation/checks';
import type { ImagePlan } from '../../../test/standin/validation/modelRules';
import type { TaskReading } from '../reading/readTask';
import { inWords, type Sighting } from './belief';
import { compareFields } from './fields';

/** Further words about a failure, as they are known of the platform. */
const ABOUT_FAILURE = ['error_type', 'provider_error', 'logs'];

const ALL_STATES: Record<string, Field> = {
	...BY_STATE.running,
	...BY_STATE.completed,
	...BY_STATE.failed,
};

/** A belief about a field that nobody declared: one for each name. */
export const otherField = (place: string, name: string, where: string): Sighting => ({
	belief: `other.${place === '' ? '' : `${place}.`}${name}`,
	where,
	seen: `a field \`${place === '' ? '' : `${place}.`}${name}\` that is not documented`,
});

/** What an answer about a task shows. */
export function taskSightings(
	{ body, state, word, entries, wrappedIn }: TaskReading,
	asked: { model?: string; plan?: ImagePlan },
	where: string,
): Sighting[] {
	const see = (belief: string, seen?: string): Sighting => ({
		belief,
		where,
		...(seen !== undefined && { seen }),
	});
	const fields: Record<string, Field> = { ...HEAD, ...BY_STATE[state] };
	const { sightings, others } = compareFields('field', fields, body, where);
	const { plan, model } = asked;
	const nulls = others.filter((name) => body[name] === null);
	const early = others.filter((name) => name in ALL_STATES && !nulls.includes(name));
	const unknown = others.filter(
		(name) => ![...nulls, ...early].includes(name) && !ABOUT_FAILURE.includes(name),
	);
	const lower = word.toLowerCase();
	return [
		see('gateway.wrapper', wrappedIn && `it stands in \`${wrappedIn}\``),
		...sightings.map((sighting) =>
			sighting.belief === 'field.model' && model !== undefined && body.model !== model
				? { ...sighting, seen: sighting.seen ?? `${inWords(body.model)} for ${model}` }
				: sighting,
		),
		see('task.null', nulls.length > 0 ? `null in ${names(nulls)}` : undefined),
		see('task.when', early.length > 0 ? `${names(early)} while ${state}` : undefined),
		...unknown.map((name) => otherField('', name, where)),
		...(word === ''
			? []
			: [
					see('task.case', word === lower ? undefined : `\`${word}\``),
					see(`task.${state}`, lower === STATUS[state] ? undefined : `\`${lower}\``),
				]),
		...(state === 'failed' ? [see('task.success', failureInWords(body))] : []),
		...(state === 'completed' && plan ? resultSightings(body, entries, plan, where) : []),
	];
}

const names = (list: string[]): string => list.map((name) => `\`${name}\``).join(', ');

function failureInWords({ error }: Record<string, unknown>): string {
	const { code, error_code, error_message, message } = isRecord(error) ? error : {};
	const told = [code ?? error_code, error_message ?? message].filter(
		(part) => part !== undefined && part !== null,
	);
	return `the task failed: ${told.length > 0 ? told.join(', ') : inWords(error)}`;
}

/** What a finished task shows of its result. */
function resultSightings(
	{ output, usage }: Record<string, unknown>,
	entries: readonly unknown[],
	plan: ImagePlan,
	where: string,
): Sighting[] {
	const form = plan.output === 'array' ? 'output.list' : 'output.object';
	const failed = entries.filter((entry) => isRecord(entry) && entry.error);
	// how many a group becomes, up to what was asked for, is the model's choice
	const miscounted = entries.length < 1 || entries.length > plan.count;
	return [
		...(output === undefined ? [] : [{ belief: form, where, ...formSeen(output, plan.output) }]),
		{
			belief: 'output.count',
			where,
			...(miscounted && { seen: `${entries.length} for up to ${plan.count}` }),
		},
		failed.length > 0
			? {
					belief: 'task.success',
					where,
					seen: `${failed.length} of ${entries.length} images failed`,
				}
			: { belief: 'task.success', where },
		...entries
			.filter((entry) => !failed.includes(entry))
			.flatMap((entry) => entrySightings(entry, plan, where)),
		...(isRecord(usage) ? usageSightings(usage, plan, where) : []),
	];
}

function formSeen(output: unknown, documented: ImagePlan['output']): { seen?: string } {
	const isGroup = (value: unknown) => isRecord(value) && Array.isArray(value.content);
	const asDocumented =
		documented === 'array' ? Array.isArray(output) && output.every(isGroup) : isGroup(output);
	return asDocumented ? {} : { seen: inWords(output) };
}

function entrySightings(entry: unknown, plan: ImagePlan, where: string): Sighting[] {
	if (!isRecord(entry)) return [{ belief: 'entry.url', where, seen: `${inWords(entry)} alone` }];
	const { sightings, others } = compareFields('entry', imageFields(plan), entry, where);
	return [...sightings, ...others.map((name) => otherField('output', name, where))];
}

function usageSightings(
	usage: Record<string, unknown>,
	plan: ImagePlan,
	where: string,
): Sighting[] {
	const { sightings, others } = compareFields('usage', USAGE[plan.usage], usage, where);
	return [...sightings, ...others.map((name) => otherField('usage', name, where))];
}
