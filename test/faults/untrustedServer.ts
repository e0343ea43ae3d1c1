/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createPrivateKey } from 'node:crypto';
import { createServer } from 'node:https';
import tls from 'node:tls';
import { listen } from '../support/listen';

/** For 127.0.0.1, signed by itself, good for a hundred years; the key is of use nowhere else. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBkDCCATagAwIBAgIUQjHrQ/PBXexqNiMgWSMcwOtCLpQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEyMDk1MFoYDzIxMjYxMDI4
MTIwOTUwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASe0atj3u7LLlaY33YTtvVqAOlxLXgzU2F0bjQnObc6EZf3iFWXK80c
a/n09Jk5kwZ59qI4nL22O5XLUPLpU2KGo2QwYjAdBgNVHQ4EFgQUvEaMBSZ8s+1r
MxPNCIAVcOebuG4wHwYDVR0jBBgwFoAUvEaMBSZ8s+1rMxPNCIAVcOebuG4wDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC
IQCOIs03nOHHMoWjZ2sisCD/79jd0KMvoII7YxOS3rwLdwIgFcV2FjbxhTGGbbYe
+/c1/UhU3HwsE0eLC2hjPlT8Np4=
-----END CERTIFICATE-----`;
const KEY = {
	kty: 'EC',
	crv: 'P-256',
	x: 'ntGrY97uyy5WmN92E7b1agDpcS14M1NhdG40Jzm3OhE',
	y: 'l_eIVZcrzRxr-fT0mTmTBnn2ojicvbY7lctQ8ulTYoY',
	d: 'ONa6JJ2g8iFx8Db-M9zVhjfYckPwXNVpyHuWSiOJNSc',
};

/** A gateway over https whose certificate nobody vouches for. */
export interface UntrustedServer {
	url: string;
	/** Requests that came through all the same. */
	readonly requests: number;
	close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1; it answers with what is told, or a task. */
export async function startUntrustedServer(
	status = 200,
	body = '{"id":"task-1","status":"in_progress"}',
): Promise<UntrustedServer> {
	let requests = 0;
	const key = createPrivateKey({ key: KEY, format: 'jwk' });
	const server = createServer(
		{ key: key.export({ type: 'pkcs8', format: 'pem' }), cert: CERTIFICATE },
		(_, response) => {
			requests += 1;
			response.writeHead(status).end(body);
		},
	);
	const { host, close } = await listen(server);
	return {
		url: `https://${host}`,
		get requests() {
			return requests;
		},
		close,
	};
}

/** Lets its certificate be trusted, as NODE_EXTRA_CA_CERTS does for a whole process. */
export async function trusting<Done>(work: () => Promise<Done>): Promise<Done> {
	const { createSecureContext } = tls;
	tls.createSecureContext = (options) => createSecureContext({ ...options, ca: CERTIFICATE });
	try {
		return await work();
	} finally {
		tls.createSecureContext = createSecureContext;
	}
}
