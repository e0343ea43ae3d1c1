import ipaddr from 'ipaddr.js';
import { unquotePasted } from '../../shared/pasted';

const below = (...names: string[]): RegExp =>
	new RegExp(`(^|\\.)(${names.join('|').replaceAll('.', '\\.')})$`);

/**
 * Names that nobody can own in the public DNS: reserved ones (RFC 2606, 6761, 6762, 8375), what ICANN
 * keeps back for inner networks, and what clusters, clouds and routers give.
 */
const INNER_NAMES = below(
	...['localhost', 'localdomain', 'localnet', 'local', 'lokal', 'loc', 'test', 'alt', 'home.arpa'],
	...['internal', 'intranet', 'intra', 'private', 'priv', 'corp', 'home', 'lan', 'mail', 'domain'],
	...['office', 'workgroup', 'server', 'vpn', 'dhcp', 'router', 'default', 'svc', 'pod', 'cluster'],
	...['kube-system', 'kubernetes', 'consul', 'nomad', 'docker', 'ts.net', 'metadata.goog'],
	...['fritz.box', 'easy.box', 'speedport.ip', 'routerlogin.net', 'tplinkwifi.net'],
);
/** Public names below which all others lead to this machine. */
const LOOPBACK_SERVICES = below(
	...['localtest.me', 'lvh.me', 'vcap.me', 'lacolhost.com', 'fuf.me', 'local.gd', 'localho.st'],
	...['lcl.host', 'localhost.direct', 'loopback.jp', 'localhost.domaincontrol.com', 'yoogle.com'],
	'smackaho.st',
);
/** Public names that lead to the address written before them, or change between several. */
const ADDRESS_SERVICES = below(
	...['nip.io', 'sslip.io', 'xip.io', 'xip.name', 'traefik.me', 'plex.direct', 'backname.io'],
	...['1u.ms', 'rbndr.us', 'rebind.network'],
);
/** Ranges of addresses that count when they are written in any other name. */
const INNER_RANGES = ['loopback', 'private', 'linkLocal'];

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

const isLoopback = (hostname: string): boolean => {
	const host = bare(hostname);
	return (
		/(^|\.)localhost$/i.test(host) ||
		(ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback')
	);
};

/**
 * Whether a host is known to be on a private network. Names are not looked up; one without a dot
 * exists in the local network only, and one that holds an address stands for it.
 */
export function isPrivateHost(hostname: string): boolean {
	const host = bare(hostname).replace(/\.$/, '');
	if (ipaddr.isValid(host)) return isPrivateAddress(host);
	if (!host.includes('.') || INNER_NAMES.test(host) || LOOPBACK_SERVICES.test(host)) return true;
	const addresses = addressesIn(host);
	if (!ADDRESS_SERVICES.test(host)) {
		return addresses.some((address) => INNER_RANGES.includes(ipaddr.process(address).range()));
	}
	return addresses.length === 0 || addresses.some(isPrivateAddress);
}

function isPrivateAddress(text: string): boolean {
	const address = ipaddr.process(text);
	if (address instanceof ipaddr.IPv6 && !isGlobalIpv6(address)) return true;
	return address.range() !== 'unicast';
}

/** Addresses that a name holds, as `10.0.0.1.example.com` and `ip-10-0-0-1.example.com` do. */
function addressesIn(name: string): string[] {
	const dotted = name
		.split(/[.-]/)
		.map((_, at, parts) => parts.slice(at, at + 4).join('.'))
		.filter((text) => ipaddr.IPv4.isValidFourPartDecimal(text));
	const labels = ADDRESS_SERVICES.test(name) ? name.split('.') : [];
	const hexadecimal = labels
		.flatMap((label) => /(?:^|-)([\da-f]{8})$/i.exec(label)?.[1] ?? [])
		.map((digits) => Array.from(Buffer.from(digits, 'hex')).join('.'));
	const version6 = labels
		.map((label) => label.replaceAll('-', ':'))
		.filter((label) => ipaddr.IPv6.isValid(label));
	return [...dotted, ...hexadecimal, ...version6];
}

/** A complete URL in its parts. */
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

const HOST_ALONE = /^\/*((?:[a-z\d-]+\.)+[a-z]{2,24}|localhost|(?:\d{1,3}\.){3}\d{1,3})(?=[:/]|$)/i;
/** What may be shown of text that is no URL; anything else may be a key in the wrong field. */
const BEGINNING = /^https?:\/{0,2}(?:(?:[a-z\d-]{1,63}\.)+[a-z]{2,24}(?![\w.-]))?/i;

function completed(text: string): string {
	const [, host] = HOST_ALONE.exec(text) ?? [];
	if (host === undefined) return text;
	return `${isLoopback(host) ? 'http' : 'https'}://${text}`;
}

/**
 * Reads a credential's base URL: https, or http on this machine, without the API's own path.
 *
 * @returns the URL to append paths to, or what is wrong with it as a sentence
 */
export function parseBaseUrl(text: string): { baseUrl: string } | { problem: string } {
	const trimmed = unquotePasted(text);
	const url = parseUrl(completed(trimmed));
	if (!url) {
		const [shown] = BEGINNING.exec(trimmed) ?? [];
		const what = shown === undefined ? 'It' : `What begins with '${shown}'`;
		return { problem: `${what} is not a complete URL. Use for example https://cloud.vtrix.ai.` };
	}
	const { protocol, hostname, username, password, search, hash, origin, pathname } = url;
	if (username || password) return { problem: 'It must not hold a user name or password.' };
	if (search || hash) return { problem: 'It must not hold a ? or # part.' };
	if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) {
		return { problem: 'It must start with https://, so that the API key travels encrypted.' };
	}
	return { baseUrl: origin + pathname.replace(/\/+$/, '').replace(API_PATH, '') };
}

/**
 * Why a result URL must not be fetched, as the end of a sentence: not http, or in a private network
 * though the API is public. Otherwise a forged answer could read what only this machine can reach.
 */
export function resultUrlProblem(url: string, baseUrl: string): string | undefined {
	const parsed = parseUrl(url);
	if (!parsed) return 'it is not a complete URL';
	const { protocol, hostname } = parsed;
	if (protocol !== 'https:' && protocol !== 'http:') return `${protocol} addresses are not fetched`;
	if (isPrivateHost(hostname) && !isPrivateHost(new URL(baseUrl).hostname)) {
		return 'it leads into a private network';
	}
	return undefined;
}
