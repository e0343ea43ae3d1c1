/** A table as Markdown: a heading, a header row and rows of cells. */
export interface Table {
	title: string;
	/** What the rows have in common, in a sentence. */
	note?: string;
	header: readonly string[];
	rows: ReadonlyArray<readonly string[]>;
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The first column to the left, figures to the right. */
export function toMarkdown({ title, note, header, rows }: Table): string {
	const rule = header.map((_, column) => (column === 0 ? '---' : '--:'));
	return [
		`## ${title}`,
		...(note ? ['', note] : []),
		'',
		line(header),
		line(rule),
		...rows.map(line),
		'',
	].join('\n');
}

export const seconds = (ms: number, digits = 1): string => `${(ms / 1000).toFixed(digits)} s`;

/** Milliseconds below a second, seconds from there. */
export const time = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : seconds(ms));

export const megabytes = (bytes: number, digits = 0): string =>
	`${(bytes / 1_000_000).toFixed(digits)} MB`;

export const times = (ratio: number): string => `${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`;

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
