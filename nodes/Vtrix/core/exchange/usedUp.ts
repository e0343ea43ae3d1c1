import type { ErrorAdvice } from '../shared/errors';
import type { ErrorInfo } from './answers/errorInfo';

const BOUGHT =
	/billing|balance|insufficient (?:quota|funds?|credits?)|(?:out of|no|not enough) (?:credits?|funds?)|credits? (?:exhausted|used up)|payment|arrears|top[ -]?up|recharge|\b402\d\d\b|余额|欠费|充值/i;
/** May be used up for a second or for good. */
const QUOTA = /quota|配额|额度/i;
/** A limit of the rate, whose message may name the ways to pay for a higher one, too. */
const PASSING =
	/\b(?:rate|per|rpm|qps|tpm|concurren\w*|minutes?|seconds?|hours?|retry|wait|again|too many)\b/i;

export const USED_UP: ErrorAdvice = {
	message: 'The Vtrix account has no balance or quota left',
	advice: 'Check the balance and the plan of your Vtrix account, then run again.',
};

/** Whether a 429 tells that the account has nothing left, so that waiting does not help. */
export function isUsedUp({ code = '', reason = '' }: ErrorInfo, retryAfterMs?: number): boolean {
	// To a regular expression `insufficient_quota` is one word.
	const named = code.replace(/[_-]+/g, ' ');
	if (BOUGHT.test(named)) return true;
	const text = `${named} ${reason}`;
	if (retryAfterMs !== undefined || PASSING.test(text)) return false;
	return BOUGHT.test(text) || QUOTA.test(text);
}
