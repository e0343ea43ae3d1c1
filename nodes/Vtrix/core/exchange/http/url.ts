import ipaddr from 'ipaddr.js';
import { unquotePasted } from '../../shared/pasted';

const LOCAL_NAMES = /(^|\.)(localhost|local|internal|home\.arpa)$/i;

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

const isLoopback = (hostname: string): boolean => {
	const host = bare(hostname);
	return (
		/(^|\.)localhost$/i.test(host) ||
		(ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback')
	);
};

/**
 * Whether a host is known to be on a private network. Names are not looked
 * up; one without a dot exists in the local network only.
 */
export function isPrivateHost(hostname: string): boolean {
	const host = bare(hostname).replace(/\.$/, '');
	if (!ipaddr.isValid(host)) return !host.includes('.') || LOCAL_NAMES.test(host);
	const address = ipaddr.process(host);
	if (address instanceof ipaddr.IPv6 && !isGlobalIpv6(address)) return true;
	return address.range() !== 'unicast';
}

/** A complete URL in its parts, or `undefined`. */
export function parseUrl(text: string, base?: string): URL | undefined {
	// URL.canParse of Node.js 20 refuses hosts like bücher.example once it has been optimized.
	try {
		return new URL(text, base);
	} catch {
		return undefined;
	}
}

/** Public IPv6 addresses are those of 2000::/3; all others are local, obsolete or unassigned. */
const isGlobalIpv6 = ({ parts: [first = 0] }: ipaddr.IPv6): boolean => first >> 13 === 1;

/** The API's path, which its pages show after the base URL. */
const API_PATH = /\/+model\/+v1(\/+generation(\/+task(\/+[^/]*)?)?)?$/i;

/**
 * Reads the base URL of a credential: https, or http on this machine; a path is kept, unless it is
 * that of the API itself, and a slash at the end is not.
 *
 * @returns the URL to append paths to, or what is wrong with it as a sentence
 */
export function parseBaseUrl(text: string): { baseUrl: string } | { problem: string } {
	const trimmed = unquotePasted(text);
	const url = parseUrl(trimmed);
	if (!url) {
		return {
			problem: `'${trimmed}' is not a complete URL. Use for example https://cloud.vtrix.ai.`,
		};
	}
	const { protocol, hostname, username, password, search, hash, origin, pathname } = url;
	if (username || password) return { problem: 'It must not hold a user name or password.' };
	if (search || hash) return { problem: 'It must not hold a ? or # part.' };
	if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) {
		return { problem: 'It must start with https://, so that the API key travels encrypted.' };
	}
	const path = pathname.replace(/\/+$/, '').replace(API_PATH, '');
	return { baseUrl: origin + path.replace(/\/+$/, '') };
}

/**
 * Whether a result URL may be fetched: http or https, and not in a private network if the API
 * itself is public. Otherwise a forged answer could read what only this machine can reach.
 *
 * @returns the reason to refuse it, as the end of a sentence
 */
export function refuseResultUrl(url: string, baseUrl: string): string | undefined {
	const parsed = parseUrl(url);
	if (!parsed) return 'it is not a complete URL';
	const { protocol, hostname } = parsed;
	if (protocol !== 'https:' && protocol !== 'http:') return `${protocol} addresses are not fetched`;
	if (isPrivateHost(hostname) && !isPrivateHost(new URL(baseUrl).hostname)) {
		return 'it leads into a private network';
	}
	return undefined;
}
