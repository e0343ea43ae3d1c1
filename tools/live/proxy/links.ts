import { splitUrl } from './forward';

/** Links in JSON, found by their begin: only what is a link at all is looked at further. */
const LINK = /"https?:(?:[^"\\]|\\.)*"/gi;

/**
 * Leads links to other hosts through the server of this machine that records them, and knows the
 * way back: `<server>/<step>/<number of the host>/<path and query, byte for byte>`.
 */
export class Links {
	private readonly origins: string[] = [];

	/** @param server tells the origin of the recording server */
	constructor(private readonly server: () => string) {}

	/** A link that leads through the server. */
	inward(url: string, step: string): string {
		const { origin, path } = splitUrl(url);
		if (!this.origins.includes(origin)) this.origins.push(origin);
		return `${this.server()}/${step}/${this.origins.indexOf(origin)}${path}`;
	}

	/** Where a path of the server leads, and to which step it belongs. */
	outward(path: string): { step: string; url: string } | undefined {
		const [, step, number, rest] = /^\/([^/]+)\/(\d+)(\/.*)$/.exec(path) ?? [];
		const origin = this.origins[Number(number)];
		return step !== undefined && origin !== undefined ? { step, url: origin + rest } : undefined;
	}

	/** The true address of a link that leads through the server; others stay. */
	original(url: string): string {
		const server = this.server();
		if (!url.startsWith(`${server}/`)) return url;
		return this.outward(url.slice(server.length))?.url ?? url;
	}

	/** JSON in which every link leads through the server; all else as it was written. */
	inJson(text: string, step: string): string {
		return text.replace(LINK, (token) => {
			try {
				const url: unknown = JSON.parse(token);
				if (typeof url !== 'string' || new URL(url).hostname === '') return token;
				return JSON.stringify(this.inward(url, step));
			} catch {
				return token;
			}
		});
	}
}
