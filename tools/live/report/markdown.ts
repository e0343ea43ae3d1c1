import type { Comparison, Difference } from '../beliefs/compare';
import type { SpecComparison } from '../beliefs/compareSpec';
import type { ProbeResult } from '../gateway/probe';
import { SOURCES } from '../../../test/standin/answers/source';
import { pageOf } from '../plan/models';
import { usd } from '../plan/budget';
import type { StepReport } from '../proof';
import type { TaskRow } from './taskRows';

/** All that a report tells. */
export interface Report {
	/** What was asked, and by which versions, in a few words. */
	about: string;
	/** Absent for a recording: how its steps went is told where it is played. */
	steps?: readonly StepReport[];
	/** What ended it early, as a sentence. */
	obstacle?: string;
	comparison: Comparison;
	tasks: readonly TaskRow[];
	probes?: readonly ProbeResult[];
	/** Absent where no descriptions were asked for. */
	spec?: SpecComparison;
}

const MOST = 3;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: string[], rows: string[][]): string[] {
	return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`);
}

const count = (number: number, one: string, many: string): string =>
	`${number} ${number === 1 ? one : many}`;

/** The first of a list, and how many there are more. */
function firstOf(list: string[], separator: string): string {
	const more = list.length - MOST;
	return list.slice(0, MOST).join(separator) + (more > 0 ? ` and ${more} more` : '');
}

/** Where it is written down; of what stands on the models' pages the pages of those that differ. */
function sourceOf({ belief: { source }, models }: Difference): string {
	const pages = models.flatMap((id) => pageOf(id) ?? []);
	return source === SOURCES.modelPages && pages.length > 0 ? firstOf(pages, ', ') : source;
}

const differenceRow = (difference: Difference): string[] => [
	difference.belief.says,
	firstOf(
		difference.seen.map(({ what }) => what),
		'; ',
	),
	firstOf(
		difference.seen.flatMap(({ where }) => where),
		', ',
	),
	sourceOf(difference),
];

/** What a report says in one line: how much was as believed, what it cost. */
export function summaryOf({ comparison, tasks, steps }: Report): string {
	const { asBelieved, different, notSeen } = comparison;
	const failed = steps?.filter(({ end }) => end === 'failed').length ?? 0;
	const skipped = steps?.filter(({ end }) => end === 'skipped').length ?? 0;
	const handled = steps ? ['the node handled everything'] : [];
	return [
		different.length === 0
			? `All as believed (${asBelieved.length})`
			: `${count(different.length, 'difference', 'differences')}, ${asBelieved.length} as believed`,
		`${notSeen.length} not seen`,
		...(failed > 0 ? [`the node failed in ${count(failed, 'step', 'steps')}`] : handled),
		...(skipped > 0 ? [`${count(skipped, 'step', 'steps')} skipped`] : []),
		spendingOf(tasks),
	].join('; ');
}

/** What the tasks cost, as the service reported it. */
export function spendingOf(tasks: readonly TaskRow[]): string {
	const known = tasks.filter(({ cost }) => cost !== undefined);
	const total = known.reduce((sum, { cost = 0 }) => sum + cost, 0);
	const images = tasks.reduce((sum, task) => sum + task.images, 0);
	const silent = tasks.length - known.length;
	return [
		`spent ${usd(total)} for ${count(images, 'image', 'images')}`,
		...(silent > 0 ? [`${count(silent, 'task', 'tasks')} without a reported cost`] : []),
	].join(', ');
}

const SIGNS = { handled: 'handled', failed: '**failed**', skipped: 'skipped' };

/** Our models beside the vendor's descriptions, as a part of a report. */
export function specSection({ agreeing, differences, untold }: SpecComparison): string[] {
	const models = new Set(differences.map(({ model }) => model)).size;
	return [
		`## Our models beside the vendor's descriptions (${count(differences.length, 'difference', 'differences')})`,
		'',
		`${count(agreeing.length, 'model agrees', 'models agree')} in every field, ${count(models, 'differs', 'differ')}.`,
		...(untold.length > 0 ? ['', ...untold.map((sentence) => `- ${sentence}`)] : []),
		...(differences.length > 0
			? [
					'',
					...table(
						['Model', 'Parameter', 'What', 'We declare', 'The vendor describes'],
						differences.map(({ model, parameter, field, ours, theirs }) => [
							model,
							`\`${parameter}\``,
							field,
							ours,
							theirs,
						]),
					),
				]
			: []),
	];
}

/** The report of the descriptions alone. */
export function specReport(about: string, comparison: Comparison, spec: SpecComparison): string {
	const ofSpec = ({ id }: { id: string }) => id.startsWith('spec.');
	const different = comparison.different.filter(({ belief }) => ofSpec(belief));
	const asBelieved = comparison.asBelieved.filter(ofSpec);
	const notSeen = comparison.notSeen.filter(ofSpec);
	return [
		"# Vtrix: the vendor's descriptions beside what we declare",
		'',
		about,
		'',
		...beliefs({ different, asBelieved, notSeen }),
		'',
		...specSection(spec),
		'',
	].join('\n');
}

function beliefs({ different, notSeen, asBelieved }: Comparison): string[] {
	return [
		`## Different (${different.length})`,
		'',
		...(different.length > 0
			? table(
					['What we believe', 'What was seen', 'Where', 'Our source'],
					different.map(differenceRow),
				)
			: ['Nothing.']),
		'',
		`## Not seen (${notSeen.length})`,
		'',
		...(notSeen.length > 0 ? notSeen.map(({ says }) => `- ${says}`) : ['Nothing.']),
		'',
		`## As believed (${asBelieved.length})`,
		'',
		...asBelieved.map(({ says }) => `- ${says}`),
	];
}

/** The report as Markdown, to be printed and to be attached to an issue. */
export function toMarkdown(report: Report): string {
	const { about, steps, obstacle, comparison, tasks, probes, spec } = report;
	const lines = [
		'# Vtrix: the service beside what we believe of it',
		'',
		about,
		'',
		`**${summaryOf(report)}.**`,
		...(obstacle === undefined ? [] : ['', obstacle]),
		'',
		...beliefs(comparison),
		...(spec === undefined ? [] : ['', ...specSection(spec)]),
		...(steps === undefined
			? []
			: [
					'',
					'## Steps',
					'',
					...table(
						['Step', 'The node', 'Note'],
						steps.map(({ title, end, because = '' }) => [title, SIGNS[end], because]),
					),
				]),
		'',
		'## Tasks',
		'',
		...(tasks.length > 0
			? table(
					['Step', 'State', 'Took', 'Progress told', 'Cost', 'Images', 'Polls', 'Refused polls'],
					tasks.map(taskRow),
				)
			: ['None was created.']),
		...(probes === undefined
			? []
			: [
					'',
					'## Paths that the platform documents elsewhere',
					'',
					'One harmless request each. The node uses none of them.',
					'',
					...table(
						['What', 'Request', 'Answer', 'Documented in'],
						probes.map(({ what, request, answer, source }) => [
							what,
							`\`${request}\``,
							answer,
							source,
						]),
					),
				]),
		'',
	];
	return lines.join('\n');
}

const taskRow = ({ step, state, tookMs, progress, cost, images, polls, refused }: TaskRow) => [
	step,
	state,
	tookMs === undefined ? '' : `${(tookMs / 1000).toFixed(1)} s`,
	progress ? 'yes' : 'no',
	cost === undefined ? 'not reported' : usd(cost),
	String(images),
	String(polls),
	String(refused),
];
