/* eslint-disable @n8n/community-nodes/no-restricted-globals */

/** Takes one line of plain words for the person who waits. */
export type Log = (line: string) => void;

const EVERY_MS = 10_000;

/** A time as a person says it: "8 s", "2 min 5 s". */
export function duration(ms: number) {
	const seconds = Math.round(ms / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Does something that takes long and says so: when it begins, every ten seconds with the time that
 * went by and the newest detail, and when it is done.
 */
export async function withProgress<T>(
	log: Log,
	what: string,
	work: (detail: (text: string) => void) => Promise<T>,
): Promise<T> {
	const began = Date.now();
	let detail = '';
	log(`${what} ...`);
	const timer = setInterval(() => {
		log(`  ${duration(Date.now() - began)}${detail && `: ${detail}`}`);
	}, EVERY_MS);
	try {
		const result = await work((text) => {
			detail = text;
		});
		log(`  done in ${duration(Date.now() - began)}`);
		return result;
	} finally {
		clearInterval(timer);
	}
}
