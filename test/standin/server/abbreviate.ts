import { digest } from '../random';
import { isRecord } from '../validation/checks';
import { decodeBase64 } from '../validation/references';

const LONGEST = 20_000;

/** A copy in which image data stands as {bytes, sha256}, bytes counted before base64. */
export function abbreviate(value: Record<string, unknown>): Record<string, unknown>;
export function abbreviate(value: unknown): unknown;
export function abbreviate(value: unknown): unknown {
	return shorten(value, '');
}

function shorten(value: unknown, key: string): unknown {
	if (typeof value === 'string') return shortenText(value, key);
	// entries of a list go by the list's name
	if (Array.isArray(value)) return value.map((entry) => shorten(entry, key));
	if (!isRecord(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, entry]) => [name, shorten(entry, name)]),
	);
}

function shortenText(value: string, key: string): unknown {
	if (value.startsWith('data:')) {
		const comma = value.indexOf(',');
		return { dataUri: value.slice(0, comma), ...summary(value.slice(comma + 1)) };
	}
	return key === 'binary_data_base64' || value.length > LONGEST ? summary(value) : value;
}

function summary(text: string): { bytes: number; sha256: string } {
	const bytes = decodeBase64(text) ?? Buffer.from(text);
	return { bytes: bytes.length, sha256: digest(bytes) };
}
