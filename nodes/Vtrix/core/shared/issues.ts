import { formatNumber } from './format';

/** One reason why a request is rejected, in the words of the editor's labels. */
export interface Issue {
	label: string;
	/** What is wrong and how to mend it: a predicate, then a sentence. */
	message: string;
	value?: unknown;
}

const LONGEST_SHOWN = 60;

function toText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return formatNumber(value);
	try {
		return JSON.stringify(value) ?? String(value);
	} catch {
		return Object.prototype.toString.call(value);
	}
}

function formatValue(value: unknown): string {
	const text = toText(value);
	const characters = Array.from(text.slice(0, LONGEST_SHOWN * 2 + 2));
	const short =
		characters.length > LONGEST_SHOWN ? `${characters.slice(0, LONGEST_SHOWN).join('')}…` : text;
	return typeof value === 'string' ? `"${short}"` : short;
}

/** `Steps: 80 is too high. The largest value is 50.` */
export const issueText = ({ label, message, value }: Issue): string =>
	value === undefined ? `${label} ${message}` : `${label}: ${formatValue(value)} ${message}`;
