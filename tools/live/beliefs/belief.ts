import type { Fact } from '../../../test/standin/answers/source';

/** One thing that is believed of the service, with the name by which what was seen refers to it. */
export interface Belief extends Fact {
	id: string;
}

/** What one answer showed of a belief. */
export interface Sighting {
	/** Id of the belief. */
	belief: string;
	/** Step and number of the request. */
	where: string;
	/** What was seen in its place; absent when it was as believed. */
	seen?: string;
	/** The model that it is about, where it is about one. */
	model?: string;
}

const MOST = 60;

/** A value in a few words, for people. */
export function inWords(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (value === null) return 'null';
	if (Array.isArray(value)) return `a list of ${value.length}`;
	if (typeof value === 'object') {
		const names = Object.keys(value).map((name) => `\`${name}\``);
		return names.length > 0 ? `an object with ${names.slice(0, 6).join(', ')}` : 'an empty object';
	}
	const text = JSON.stringify(value);
	const kind = { string: 'the text', number: 'the number', boolean: 'the value' }[
		String(typeof value)
	];
	return `${kind ?? typeof value} ${text.length > MOST ? `${text.slice(0, MOST)}…` : text}`;
}
