import { unquotePasted } from '../shared/pasted';

/** Shorter text is no key, and redacting it would blank out ordinary words. */
const SHORTEST = 4;

const PREFIX = /^(authorization\s*[:=]|bearer(?=[\s:="'`“”„‘’«»]|$)\s*[:=]?)/i;

/** A key as sent: people paste it with quotes, the word `Bearer`, blanks and invisible characters. */
export function cleanApiKey(pasted: unknown): string {
	let key = unquotePasted(typeof pasted === 'string' ? pasted : '');
	while (PREFIX.test(key)) key = unquotePasted(key.replace(PREFIX, ''));
	return key;
}

/** The key of a credential to send, or what is wrong with it as the end of a sentence. */
export function parseApiKey(pasted: unknown): { apiKey: string } | { problem: string } {
	const apiKey = cleanApiKey(pasted);
	if (apiKey === '') {
		return { problem: 'is empty. Enter a key from your Vtrix account.' };
	}
	if (/^https?:\/\//i.test(apiKey)) {
		return {
			problem: 'is an address. Enter a key from your Vtrix account, and the Base URL below.',
		};
	}
	// Only these characters pass through an HTTP header unchanged.
	return /^[\x21-\x7e]+$/.test(apiKey)
		? { apiKey }
		: { problem: 'holds characters that no key has. Copy it once more from your Vtrix account.' };
}

/** Removes a cleaned key from text: as sent, as encoded in URLs and pages, and in base64. */
export function redactorFor(apiKey: string): (text: string) => string {
	if (apiKey.length < SHORTEST) return (text) => text;
	const encoded = Buffer.from(apiKey).toString('base64').replace(/=+$/, '');
	const forms = [
		apiKey,
		encodeURIComponent(apiKey),
		apiKey
			.replace(/&/g, '&amp;')
			.replace(/"/g, '&quot;')
			.replace(/</g, '&lt;')
			.replace(/>/g, '&gt;'),
		encoded,
		encoded.replace(/\+/g, '-').replace(/\//g, '_'),
	].sort((a, b) => b.length - a.length);
	const pattern = [...new Set(forms)].map(escapeForPattern).join('|');
	const anywhere = new RegExp(pattern, 'gi');
	return (text) => text.replace(anywhere, '[API key]');
}

const escapeForPattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
