import type { RequestBody } from '../../nodes/Vtrix/core/exchange/http/sending';

/** All of a request's body, as it goes over the wire. */
export async function bodyBytes(body: RequestBody): Promise<Buffer> {
	if (Buffer.isBuffer(body)) return body;
	const pieces: Buffer[] = [];
	for await (const piece of body.open()) pieces.push(piece);
	const bytes = Buffer.concat(pieces);
	expect(bytes).toHaveLength(body.byteLength);
	return bytes;
}
