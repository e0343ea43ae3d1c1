import type { Difference } from '../standin/faults/differences';

/** The belief that each difference speaks against. */
export const AGAINST: Record<Difference, string> = {
	'output as one object where a list is documented': 'output.list',
	'done in the place of completed': 'task.completed',
	'states of running tasks in upper case': 'task.case',
	'202 while a task runs': 'poll.status',
	'a cost that is a number': 'usage.cost',
	'a field that nobody documented': 'other.request_id',
	'refusals in an envelope': 'refusal.form',
	'pictures behind a redirect': 'image.redirect',
	'pictures of no particular type': 'image.type',
	'pictures without a length': 'image.length',
};
