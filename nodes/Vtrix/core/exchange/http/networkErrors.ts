/** A proxy did not let a request through: it never reached the server that it was for. */
export class ProxyError extends Error {
	constructor(status: number, words: string) {
		super(`the proxy on the way refused the connection (HTTP ${status})${words && `: ${words}`}`);
	}
}

interface Problem {
	codes: RegExp;
	/** As the end of a sentence. */
	reason: string;
	advice?: string;
}

const OWN_CERTIFICATE =
	"If the certificate is of your own network, name the file of its authority to n8n in the environment variable 'NODE_EXTRA_CA_CERTS'.";

/** The server's certificate was refused, which happens before anything is sent. */
const UNTRUSTED: Problem = {
	codes: /^(CERT_|DEPTH_ZERO_SELF_SIGNED_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/,
	reason: 'its certificate is not trusted',
	advice: OWN_CERTIFICATE,
};
const NOT_SECURE: Problem = {
	codes: /^(EPROTO$|ERR_SSL_|ERR_TLS_)/,
	reason: 'no secure connection to it could be made',
	advice: `A port for plain HTTP takes no https. ${OWN_CERTIFICATE}`,
};
const PROBLEMS: readonly Problem[] = [
	{ codes: /ENOTFOUND|EAI_AGAIN/, reason: 'its address was not found' },
	{ codes: /ECONNREFUSED/, reason: 'it refused the connection' },
	{ codes: /ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE/, reason: 'the connection broke' },
	{ codes: /ETIMEDOUT|ECONNABORTED|ESOCKETTIMEDOUT/, reason: 'it did not answer in time' },
	UNTRUSTED,
	NOT_SECURE,
	{ codes: /EHOSTUNREACH|ENETUNREACH/, reason: 'there is no way to it' },
];
/** Others, such as an unreachable host, may also occur later on an open connection. */
const NEVER_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|connect)$/;
const HANDSHAKE_BROKE = /before secure TLS connection was established/;
const ON_OPEN_CONNECTION = /bad.record|decrypt|unexpected.eof|close.notify|internal.error/i;

/** An error and all that it wraps: n8n wraps what Node.js reports. */
export function layersOf(error: unknown, depth = 0): object[] {
	if (typeof error !== 'object' || error === null || depth > 5) return [];
	const inner = ['cause', 'reason', 'error', 'errorResponse', 'errors']
		.flatMap((key): unknown => Reflect.get(error, key))
		.flatMap((wrapped) => layersOf(wrapped, depth + 1));
	return [error, ...inner];
}

const textsOf = (error: unknown, ...keys: string[]): string[] =>
	layersOf(error).flatMap((layer) =>
		keys.flatMap((key) => {
			const value: unknown = Reflect.get(layer, key);
			return typeof value === 'string' ? [value] : [];
		}),
	);

/** Codes of an error and of all that it wraps. */
export const errorCodes = (error: unknown): string[] =>
	textsOf(error, 'code', 'httpCode', 'errno', 'syscall');

function connectionStates(error: unknown): Array<'pending' | 'secure'> {
	return layersOf(error).flatMap((layer) => {
		const request: unknown = Reflect.get(layer, 'request');
		if (typeof request !== 'object' || request === null) return [];
		const socket: unknown = Reflect.get(request, 'socket');
		// A request that has none yet waits for its connection.
		if (socket === null) return ['pending'];
		if (typeof socket !== 'object') return [];
		const isPending = ['connecting', 'secureConnecting'].some(
			(state) => Reflect.get(socket, state) === true,
		);
		if (isPending) return ['pending'];
		return Reflect.get(socket, 'secureConnecting') === false ? ['secure'] : [];
	});
}

/** Whether no secure connection came to be, though a plain one may have. */
function neverSecure(error: unknown): boolean {
	const states = connectionStates(error);
	if (states.length > 0) return states.every((state) => state === 'pending');
	const texts = [...errorCodes(error), ...textsOf(error, 'message')];
	return (
		texts.some((text) => NOT_SECURE.codes.test(text) || HANDSHAKE_BROKE.test(text)) &&
		!texts.some((text) => ON_OPEN_CONNECTION.test(text))
	);
}

/** Whether nothing was sent, since no connection was made: the request may be sent again. */
export const neverConnected = (error: unknown): boolean =>
	error instanceof ProxyError ||
	errorCodes(error).some((code) => NEVER_CONNECTED.test(code) || UNTRUSTED.codes.test(code)) ||
	neverSecure(error);

function problemOf(error: unknown): Omit<Problem, 'codes'> {
	if (error instanceof ProxyError) {
		return {
			reason: error.message,
			advice:
				"Ask whoever runs the proxy to let n8n through, or correct n8n's environment variables 'HTTPS_PROXY' and 'NO_PROXY'.",
		};
	}
	const codes = errorCodes(error);
	const known = PROBLEMS.find((problem) => codes.some((code) => problem.codes.test(code)));
	const brokeEarly = known?.reason === 'the connection broke' && neverSecure(error);
	return brokeEarly ? NOT_SECURE : (known ?? { reason: 'the connection did not work' });
}

/** What a network error means as the end of a sentence, without the request and its secrets. */
export const networkReason = (error: unknown): string => problemOf(error).reason;

/** What helps: a sentence, or nothing. */
export const networkAdvice = (error: unknown): string | undefined => problemOf(error).advice;
