/**
 * Codes of connections that were never made. Others, such as an unreachable host, may also occur
 * later on an open one.
 */
const NEVER_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|connect)$/;
/** The server's certificate was refused, which happens before anything is sent. */
const UNTRUSTED = /^(CERT_|DEPTH_ZERO_SELF_SIGNED_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/;

/** Codes of an error and of all that it wraps: n8n wraps what Node.js reports. */
export function errorCodes(error: unknown, depth = 0): string[] {
	if (typeof error !== 'object' || error === null || depth > 5) return [];
	const codes = ['code', 'httpCode', 'errno', 'syscall'].flatMap((key) => {
		const value: unknown = Reflect.get(error, key);
		return typeof value === 'string' ? [value] : [];
	});
	const inner = ['cause', 'reason', 'error', 'errorResponse', 'errors']
		.flatMap((key): unknown => Reflect.get(error, key))
		.flatMap((wrapped) => errorCodes(wrapped, depth + 1));
	return [...codes, ...inner];
}

/** Whether nothing was sent, since no connection was made: the request may be sent again. */
export const neverConnected = (error: unknown): boolean =>
	errorCodes(error).some((code) => NEVER_CONNECTED.test(code) || UNTRUSTED.test(code));

/** What a network error means in words, without the request and its secrets. */
export function networkReason(error: unknown): string {
	const codes = errorCodes(error);
	const has = (...known: string[]) => known.some((code) => codes.includes(code));
	if (has('ENOTFOUND', 'EAI_AGAIN')) return 'its address was not found';
	if (has('ECONNREFUSED')) return 'it refused the connection';
	if (has('ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE')) return 'the connection broke';
	if (has('ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT')) return 'it did not answer in time';
	if (codes.some((code) => UNTRUSTED.test(code))) return 'its certificate is not trusted';
	if (has('EHOSTUNREACH', 'ENETUNREACH')) return 'there is no way to it';
	return 'the connection did not work';
}
