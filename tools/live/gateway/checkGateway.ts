import { isOutOfCredit, readRefusal, type RefusalReading } from '../reading/readRefusal';

/** How long one of the two requests may take, ms: both together stay well below ten seconds. */
const PATIENCE_MS = 3500;

/** What is wrong, as a sentence for whoever holds the key. */
export type Obstacle = string;

interface Answer {
	status: number;
	json: unknown;
	isJson: boolean;
	location: string | null;
}

/** Where to ask, and with which key. */
export interface GatewayAccess {
	/** Through which requests go; a step of the recording proxy. */
	baseUrl: string;
	apiKey: string;
	/** The service's address, for people. */
	shown: string;
}

async function ask(
	{ baseUrl, apiKey }: GatewayAccess,
	method: 'GET' | 'POST',
	path: string,
	body?: unknown,
): Promise<Answer | undefined> {
	try {
		const response = await fetch(baseUrl + path, {
			method,
			redirect: 'manual',
			signal: AbortSignal.timeout(PATIENCE_MS),
			headers: {
				Authorization: `Bearer ${apiKey}`,
				Accept: 'application/json',
				...(body !== undefined && { 'Content-Type': 'application/json' }),
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		const { status } = response;
		const location = response.headers.get('location');
		try {
			const json: unknown = JSON.parse(text);
			return { status, json, isJson: typeof json === 'object' && json !== null, location };
		} catch {
			return { status, json: undefined, isJson: false, location };
		}
	} catch {
		return undefined;
	}
}

const told = ({ message }: RefusalReading): string =>
	message === '' ? '' : ` It says: ${message}`;

/** What a refusal means for every creation; nothing if it is about this request or model alone. */
export function accountObstacle(refusal: RefusalReading): Obstacle | undefined {
	const { status } = refusal;
	if (status === 401) {
		return `The gateway did not accept the key (HTTP 401). Check VTRIX_API_KEY.${told(refusal)}`;
	}
	if (isOutOfCredit(refusal)) {
		return `The account has no credit left (HTTP ${status}). Top it up and start again.${told(refusal)}`;
	}
	return undefined;
}

/** The same before anything else was tried: a key that may do nothing, or not even the first model. */
function firstObstacle(refusal: RefusalReading): Obstacle | undefined {
	if (refusal.status !== 403) return accountObstacle(refusal);
	return (
		accountObstacle(refusal) ??
		`The key may not be used for this (HTTP 403): it has expired, the balance is too low, or the model is not allowed for it (choose others with --models).${told(refusal)}`
	);
}

/** What stands in the way of asking the gateway at all. */
async function reachObstacle(
	access: GatewayAccess,
	networkError: () => string | undefined,
): Promise<Obstacle | undefined> {
	const { shown } = access;
	const answer = await ask(access, 'GET', '/model/v1/generation/task/n8n-live-check');
	if (!answer) {
		const why = networkError();
		return `${shown} could not be reached${why === undefined ? ' in time' : ` (${why})`}. Check VTRIX_BASE_URL and your connection.`;
	}
	if (answer.status >= 300 && answer.status < 400) {
		return `${shown} redirects elsewhere (HTTP ${answer.status}). Set VTRIX_BASE_URL to where it leads, if you trust it.`;
	}
	const refusal = readRefusal(answer.status, answer.json);
	const account = refusal && firstObstacle(refusal);
	if (account) return account;
	if (answer.status >= 500) {
		return `${shown} has trouble at the moment (HTTP ${answer.status}). Try again later.`;
	}
	if (!answer.isJson) {
		return `${shown} answered, but not as Vtrix does (HTTP ${answer.status}, no JSON). Check VTRIX_BASE_URL.`;
	}
	return undefined;
}

/**
 * Finds out within seconds, and for nothing, whether there is a gateway that takes the key and has
 * credit: a task that does not exist is asked about, and a creation without a prompt is sent, which
 * no model can make a picture of. Whoever has no credit is told so before what is missing.
 *
 * @param networkError tells why the last request had no answer, if it is known
 */
export async function checkGateway(
	access: GatewayAccess,
	model: string,
	networkError: () => string | undefined = () => undefined,
): Promise<Obstacle | undefined> {
	const obstacle = await reachObstacle(access, networkError);
	if (obstacle) return obstacle;
	const empty = { model, input: [{ params: {} }] };
	const answer = await ask(access, 'POST', '/model/v1/generation', empty);
	const refusal = answer && readRefusal(answer.status, answer.json);
	return refusal && firstObstacle(refusal);
}
