import type { RecordedBody } from '../../../test/standin/playback/format';
import { imageMark } from '../../../test/standin/playback/format';
import { isRecord } from '../../../test/standin/validation/checks';
import { inspectImage } from '../../../test/standin/validation/inspectImage';
import { spellingsOf } from './spellings';

const KEY = '[API key]';
const PROMPT = '[prompt]';
const REMOVED = '[removed]';
const MOST_TEXT = 2000;
/** A shorter text in base64 is no picture. */
const IMAGE_CHARACTERS = 120;

/** Names of fields whose values are about a person or an account, or open something. */
const PRIVATE =
	/^(.*[_-])?(access_?token|refresh_?token|token|secret|password|authorization|cookie|session|session_?id|api_?key|user|user_?(id|name)|account|account_?(id|name)|owner|org|org_?id|organi[sz]ation|team|team_?id|email|phone|ip|balance)$/i;
const EMAIL = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g;
const URL_IN_TEXT = /\bhttps?:\\?\/\\?\/[^\s"'<>]+/gi;

/** Headers of an answer that matter; all others are left out. */
const KEPT =
	/^(content-(type|length|encoding)|transfer-encoding|location|retry-after|(x-)?(request|trace|correlation)-id|www-authenticate|server|(x-)?rate-?limit(-.*)?)$/;

/** What must not be shown, and how hosts are called. */
export interface Secrets {
	/** The key, and the wrong one of the test. */
	keys: readonly string[];
	/** What was asked for. */
	prompts: readonly string[];
}

/** Takes what is private out of texts, JSON, links, headers and bodies; one for a whole recording. */
export class Redactor {
	private readonly spellings: RegExp[];
	private readonly hosts = new Map<string, string>();

	constructor(private readonly secrets: Secrets) {
		this.spellings = secrets.keys.flatMap((key) => spellingsOf(key) ?? []);
	}

	/** A text without keys, e-mail addresses, queries of links and prompts. */
	text(text: string): string {
		const withoutKeys = this.spellings.reduce((rest, found) => rest.replace(found, KEY), text);
		return this.secrets.prompts
			.filter(Boolean)
			.reduce((rest, prompt) => rest.replaceAll(prompt, PROMPT), withoutKeys)
			.replace(URL_IN_TEXT, (url) => url.replace(/[?#].*$/, '?removed'))
			.replace(EMAIL, '[e-mail]');
	}

	/** How a host is called in the recording: by its name, unless it is on this machine. */
	host(origin: string): string {
		const { hostname, host } = new URL(origin);
		if (!/^(127\.|localhost$|\[::1\])/.test(hostname)) return this.text(host);
		const known = this.hosts.get(host);
		if (known) return known;
		const name = `host-${this.hosts.size + 1}.localhost`;
		this.hosts.set(host, name);
		return name;
	}

	/** Whether a key stands in the text after all. */
	holdsKey(text: string): boolean {
		return this.spellings.some((found) => text.search(found) >= 0);
	}
}

/** The same for one step, which numbers the links that it meets. */
export class StepRedactor {
	private readonly links = new Map<string, string>();

	constructor(private readonly all: Redactor) {}

	/** The name of a link: its host, a number in the place of its path, no query. */
	link(url: string): string {
		const { origin, pathname, search } = new URL(url);
		const known = this.links.get(url);
		if (known) return known;
		const [extension = ''] = /\.\w{1,5}$/.exec(pathname) ?? [];
		const query = search === '' ? '' : '?removed';
		const name = `https://${this.all.host(origin)}/link-${this.links.size + 1}${extension}${query}`;
		this.links.set(url, name);
		return name;
	}

	/** Texts of any kind: whole links by their names, image data by its mark, the rest as it is. */
	async text(text: string): Promise<string> {
		if (isUrl(text)) return this.link(text);
		const comma = text.startsWith('data:') ? text.indexOf(',') + 1 : 0;
		const data = text.slice(comma);
		if (data.length >= IMAGE_CHARACTERS && /^[A-Za-z0-9+/_\s-]+=*\s*$/.test(data.slice(0, 4096))) {
			const bytes = Buffer.from(data, 'base64');
			const image = await inspectImage(bytes);
			if (image) return text.slice(0, comma) + imageMark(image);
			if (comma > 0) return `${text.slice(0, comma)}[${bytes.length} bytes]`;
		}
		return this.all.text(text).slice(0, MOST_TEXT);
	}

	/** A copy of JSON, its texts and the names of its fields included. */
	async json(value: unknown, field = ''): Promise<unknown> {
		if (PRIVATE.test(field) && value !== null && value !== undefined) return REMOVED;
		if (typeof value === 'string') {
			return /(^|_)prompt$/i.test(field) && value !== '' ? PROMPT : await this.text(value);
		}
		if (Array.isArray(value)) {
			return await Promise.all(value.map(async (entry) => await this.json(entry, field)));
		}
		if (!isRecord(value)) return value;
		const entries = Object.entries(value).map(
			async ([name, entry]) => [this.all.text(name), await this.json(entry, name)] as const,
		);
		return Object.fromEntries(await Promise.all(entries));
	}

	/** Headers of an answer that matter. */
	headers(headers: Readonly<Record<string, string>>, location?: string): Record<string, string> {
		return Object.fromEntries(
			Object.entries(headers)
				.filter(([name]) => KEPT.test(name))
				.map(([name, value]) => [
					name,
					name === 'location' && location && isUrl(location)
						? this.link(location)
						: this.all.text(value),
				]),
		);
	}

	/** A body as it is kept. */
	async body(bytes: Buffer): Promise<RecordedBody> {
		const text = bytes.toString('utf8');
		const json = parseJson(text);
		if (json !== undefined) return { kind: 'json', value: await this.json(json) };
		const image = bytes.length > 0 ? await inspectImage(bytes) : undefined;
		if (image) {
			const { format, width, height } = image;
			return { kind: 'image', format, width, height, bytes: bytes.length };
		}
		const isText = bytes.length > 0 && Buffer.from(text).equals(bytes) && !text.includes('\0');
		if (!isText) return { kind: 'bytes', bytes: bytes.length };
		return { kind: 'text', text: this.all.text(text).slice(0, MOST_TEXT) };
	}
}

function isUrl(text: string): boolean {
	if (!/^https?:\/\/\S+$/i.test(text)) return false;
	try {
		return new URL(text).hostname !== '';
	} catch {
		return false;
	}
}

/** JSON that is an object or a list; a bare number or word counts as text. */
function parseJson(text: string): unknown {
	try {
		const json: unknown = JSON.parse(text);
		return typeof json === 'object' && json !== null ? json : undefined;
	} catch {
		return undefined;
	}
}
