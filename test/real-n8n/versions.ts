/* eslint-disable @n8n/community-nodes/no-restricted-globals */

/** The n8n that `npm start` runs. */
export const NEWEST = '2.41.1';

/** The n8n versions the end-to-end tests run on, newest first. */
export const TESTED_VERSIONS: readonly string[] = [NEWEST, '2.0.3', '1.123.5'];

/** The versions named in N8N_VERSIONS (comma-separated), else all tested ones. */
export const chosenVersions = () =>
	process.env.N8N_VERSIONS?.split(/[\s,]+/).filter(Boolean) ?? TESTED_VERSIONS;

/**
 * Versions of n8n's indirect dependencies. n8n pins its own packages but not theirs, so what npm
 * picks changes from day to day: xlsx is otherwise fetched from a host outside the npm registry,
 * and the others have newer releases that a registry mirror may lack parts of.
 */
export function pinsFor(version: string): Record<string, string> {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	const usesEarlyLangchain = major < 2 || (major === 2 && minor < 10);
	return {
		linkedom: '0.18.12',
		xlsx: '0.18.5',
		...(usesEarlyLangchain
			? { '@langchain/langgraph': '1.0.2', '@langchain/langgraph-checkpoint': '1.0.0' }
			: { '@langchain/langgraph': '1.4.17' }),
	};
}
