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
