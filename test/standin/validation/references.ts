import type { ImageFact } from '../facts';
import { digest } from '../random';
import { imageIssues, inspectImage } from './inspectImage';
import type { Issue, Reference } from './modelRules';

/** Checks each input image by its bytes; URLs by their form, and by content if `fetchImages`. */
export async function referenceIssues(
	references: readonly Reference[],
	limits: ImageFact,
	fetchImages: boolean,
): Promise<Issue[]> {
	const issues: Issue[] = [];
	// one after the other: 14 images of 10 MB must not all be decoded at once
	for (const reference of references) {
		const found = await issuesOf(reference, limits, fetchImages);
		issues.push(
			...found.map((why): Issue => ({ param: reference.param, problem: 'invalid', why })),
		);
	}
	return issues;
}

/** Decodes base64 in its plain alphabet with padding; undefined if it is anything else. */
export function decodeBase64(value: string): Buffer | undefined {
	if (value.length === 0 || value.length % 4 !== 0) return undefined;
	for (let at = 0; at < value.length; at += SLICE) {
		const last = at + SLICE >= value.length;
		const pattern = last ? /^[A-Za-z0-9+/]+={0,2}$/ : /^[A-Za-z0-9+/]+$/;
		if (!pattern.test(value.slice(at, at + SLICE))) return undefined;
	}
	return Buffer.from(value, 'base64');
}

// over megabytes at once a pattern exhausts the stack of its matcher
const SLICE = 65_536;

async function issuesOf(
	reference: Reference,
	limits: ImageFact,
	fetchImages: boolean,
): Promise<string[]> {
	if (reference.kind === 'url') {
		if (!isHttpUrl(reference.url)) return [`is no absolute http(s) URL: ${reference.url}`];
		if (!fetchImages) return [];
		const bytes = await fetchBytes(reference.url);
		return bytes === undefined ? ['cannot be fetched'] : await issuesOfBytes(bytes, limits);
	}
	const bytes = decodeBase64(reference.base64);
	if (bytes === undefined) return ['is no base64 (no data: prefix, no blanks, padded)'];
	return await issuesOfBytes(bytes, limits, reference.declaredFormat);
}

async function issuesOfBytes(
	bytes: Buffer,
	limits: ImageFact,
	declared?: string,
): Promise<string[]> {
	const image = await inspectImage(bytes, digest(bytes));
	if (image === undefined) return ['is not an image that can be read'];
	const issues = imageIssues(image, limits);
	if (declared !== undefined && declared !== image.format) {
		issues.push(`is declared as ${declared}, its bytes are ${image.format}`);
	}
	return issues;
}

function isHttpUrl(value: string): boolean {
	if (!/^https?:\/\//i.test(value) || /\s/.test(value)) return false;
	try {
		// URL.canParse of Node.js 20 refuses hosts with letters beyond ASCII once it is optimized.
		return new URL(value).hostname !== '';
	} catch {
		return false;
	}
}

async function fetchBytes(url: string): Promise<Buffer | undefined> {
	try {
		const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
		return answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined;
	} catch {
		return undefined;
	}
}
