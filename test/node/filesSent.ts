import { digest } from '../standin/random';

/** A file as the stand-in notes it: by size and content, not by its base64. */
const noted = (bytes: Buffer) => ({
	bytes: bytes.length,
	sha256: digest(bytes),
});

/** A PNG inside `image`, as the stand-in notes it. */
export const dataUri = (bytes: Buffer, format = 'png') => ({
	dataUri: `data:image/${format};base64`,
	...noted(bytes),
});

/** The image parameters of a request with these PNG files, as the stand-in notes them. */
export function filesSent(sentAs: 'split' | 'mixed', files: Buffer[]): Record<string, unknown> {
	if (sentAs === 'split') return { binary_data_base64: files.map(noted) };
	const uris = files.map((bytes) => dataUri(bytes));
	return { image: uris.length === 1 ? uris[0] : uris };
}
