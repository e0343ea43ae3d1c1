/** `1,234.5`: a number as it is shown to users, with all of its decimals. */
export const formatNumber = (value: number): string =>
	// toLocaleString loads the language tables of Node.js, for 15 ms of n8n's start.
	String(value).replace(/(?<!\.\d*)\B(?=(\d{3})+(?!\d))/g, ',');

/** `4.7 MB`: bytes in units of 1,000,000, rounded up so that a byte too many does not look like the limit. */
export const formatMegabytes = (bytes: number): string =>
	`${formatNumber(Math.ceil(bytes / 10_000) / 100)} MB`;
