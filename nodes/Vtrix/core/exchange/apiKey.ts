/** Shorter keys are no keys, and would tear holes into every text. */
const SHORTEST = 4;

/** Whether the header of a request carries the key unchanged, but for what surrounds it. */
export const isSendable = (apiKey: string): boolean => /^[\x20-\x7e]*$/.test(apiKey.trim());

/** Takes a key out of texts, as it was sent and as a URL would have it. */
export function redactorFor(apiKey: string): (text: string) => string {
	// A line break that was pasted along is not sent, so it doesn't come back either.
	const key = apiKey.trim();
	if (key.length < SHORTEST) return (text) => text;
	const forms = [...new Set([key, encodeURIComponent(key)])];
	return (text) => forms.reduce((rest, form) => rest.replaceAll(form, '[API key]'), text);
}
