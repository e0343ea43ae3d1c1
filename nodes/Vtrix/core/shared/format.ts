/** `1,234.5`: a number as it is shown to users, with all of its decimals. */
export const formatNumber = (value: number): string =>
	// toLocaleString loads the language tables of Node.js, for 15 ms of n8n's start.
	String(value).replace(/(?<!\.\d*)\B(?=(\d{3})+(?!\d))/g, ',');

/** `4.7 MB`: bytes in units of 1,000,000, rounded up so that a byte too many does not look like the limit. */
export const formatMegabytes = (bytes: number): string =>
	`${formatNumber(Math.ceil(bytes / 10_000) / 100)} MB`;

/** `16:9` for 16 / 9. */
export function formatRatio(ratio: number): string {
	let height = 1;
	while (Math.abs(ratio * height - Math.round(ratio * height)) > 1e-9) height += 1;
	return `${Math.round(ratio * height)}:${height}`;
}

/** `JPEG, PNG or WebP` */
export const formatChoice = (names: readonly string[]): string =>
	[names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' or ');

const UNITS = [
	{ unit: 'hours', ms: 3_600_000 },
	{ unit: 'minutes', ms: 60_000 },
	{ unit: 'seconds', ms: 1000 },
] as const;

/** `90 minutes`: milliseconds, rounded up to the largest unit of which there are at least two. */
export function formatDuration(ms: number): string {
	const { unit, ms: each } = UNITS.find((one) => ms >= 2 * one.ms) ?? UNITS[2];
	const amount = Math.ceil(ms / each);
	return `${formatNumber(amount)} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}

const LAST_DATE_MS = Date.UTC(9999, 11, 31);

/** `2030-01-01 09:30 UTC`: ms since the epoch, rounded up to the minute. */
export const formatTime = (ms: number): string =>
	`${new Date(Math.min(LAST_DATE_MS, Math.ceil(ms / 60_000) * 60_000)).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** `1, 2, 3 and others`: the first names of a list that may be long. */
export const formatSome = (names: readonly unknown[], most: number): string =>
	names.slice(0, most).join(', ') + (names.length > most ? ' and others' : '');

/** Text with a full stop, unless it ends a sentence already. */
export const sentence = (text: string): string => (/[.!?…。]$/.test(text) ? text : `${text}.`);

/** Whatever was thrown, as text. */
export const messageOf = (error: unknown): string =>
	error instanceof Error ? error.message : String(error);
