import type { INodeParameters } from 'n8n-workflow';

/** What gives another value each time, and in each execution and round: people have it in any field. */
const COMPUTED = [
	'{{ Math.random() }}',
	'{{ $now.toMillis() }}',
	'{{ $execution.id }}',
	'{{ $runIndex }}',
	'{{ $execution.id }}-{{ $runIndex }}-{{ Math.random() }}',
];
const AROUND = ' · ';

const pick = <T>(list: readonly T[], random: () => number): T =>
	list[Math.floor(random() * list.length)];

/** A text field with something computed behind what it says: `={{ $json.prompt }}` or a text. */
export const computedText = (text: string, random: () => number): string =>
	`${text.startsWith('=') ? '' : '='}${text}${AROUND}${pick(COMPUTED, random)}`;

/** What a computed text says, without what was computed. */
export const plainText = (text: string): string => text.split(AROUND)[0] ?? '';

/** Whether some JSON holds a computed text that says this. */
export const holdsComputed = (json: unknown, text: string): boolean =>
	JSON.stringify(json).includes(`"${text}${AROUND}`);

/** Options that are computed anew each time, and that change nothing about what is asked for. */
export const computedOptions = (random: () => number): INodeParameters => ({
	fileName: `=file-${pick(COMPUTED, random)}`,
	timeout: `={{ 110 + 10 * ${pick(['Math.random()', '($now.millisecond / 1000)'], random)} }}`,
});

/** A seed, mostly a computed one. */
export const computedSeed = (random: () => number): string =>
	pick(
		[
			'={{ Math.ceil(Math.random() * 1e9) }}',
			'={{ $now.toMillis() }}',
			'={{ $now.toMillis() + $runIndex }}',
			'7',
		],
		random,
	);
