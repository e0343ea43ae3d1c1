import type { ErrorAdvice } from '../shared/errors';

/** Statuses that mean the same whoever answers, the API or something on the way to it. */
const MEANT_BY_ALL = [404, 413, 429];

/** @param page the words of an answer that is not the API's: it says nothing about key and account */
export function statusAdvice(status: number, page?: string): ErrorAdvice {
	const isPage = page !== undefined && !/^[[{"]/.test(page);
	if (isPage && status < 500 && !MEANT_BY_ALL.includes(status)) {
		return {
			message: 'Something other than Vtrix answered',
			advice:
				'A page came instead of an answer of the API. A firewall or a proxy may stand before it, or the Base URL in the credential leads elsewhere.',
		};
	}
	if (status >= 500) {
		return {
			message: 'Vtrix has trouble at the moment',
			advice: 'Try again in a few minutes. If it lasts, tell Vtrix support the request ID.',
		};
	}
	return (
		ADVICE[status] ?? {
			message: 'Vtrix did not accept the request',
			advice: 'Check the settings of the node and the Base URL of the credential.',
		}
	);
}

const ADVICE: Readonly<Record<number, ErrorAdvice>> = {
	400: {
		message: 'Vtrix did not accept the settings of this request',
		advice: 'Correct the setting that it names. Nothing was charged.',
	},
	401: {
		message: 'The API key was not accepted',
		advice:
			'In the credential, enter a key from the API Key Management page of your Vtrix account.',
	},
	402: {
		message: 'The Vtrix account is out of credit',
		advice: 'Top up the balance of your Vtrix account, then run again.',
	},
	403: {
		message: 'The API key may not do this',
		advice:
			'Check on your Vtrix account that the key has not expired, that it may use this model, and that there is credit.',
	},
	404: {
		message: 'Vtrix does not know this address or task',
		advice: 'Check the task ID, and the Base URL in the credential.',
	},
	413: {
		message: 'The request is too large for Vtrix',
		advice: 'Use fewer or smaller input images, or give them as URLs.',
	},
	429: {
		message: 'Vtrix limits how many requests it takes, and went on doing so until the time limit',
		advice:
			"Run again later, or raise 'Timeout'. If several runs share this key, lower 'Max Concurrent Tasks' in each of them.",
	},
};
