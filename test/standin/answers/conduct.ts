import { SOURCES } from './source';
import type { Fact } from './source';

const { client, errors, expected, modelPages } = SOURCES;

/** Content type of every answer of the gateway. */
export const JSON_TYPE = 'application/json';

/** HTTP status of every answer about a task that exists. */
export const TASK_STATUS = 200;

/** How long things may take, ms: the node waits no longer. */
export const PATIENCE = { creation: 120_000, poll: 30_000, task: 600_000 } as const;

/** Types of described parameters. */
export const SPEC_TYPES = [
	'string',
	'int',
	'integer',
	'float',
	'number',
	'boolean',
	'bool',
	'array',
	'object',
];

/** Content type of a picture. */
export const imageType = (format: 'png' | 'jpeg'): string => `image/${format}`;

/**
 * What the stand-in does beside what stands in its answers' fields, each by a name.
 *
 * The fields themselves are in `taskShapes`, refusals in `refusals`.
 */
export const CONDUCT = {
	'creation.status': { says: 'a creation is answered with HTTP 200', source: client },
	'creation.time': { says: 'a creation is answered within 120 s', source: expected },
	'poll.status': { says: 'a poll is answered with HTTP 200', source: client },
	'poll.time': { says: 'a poll is answered within 30 s', source: expected },
	'poll.known': { says: 'a task can be asked about as soon as it is created', source: expected },
	'gateway.limit': { says: 'requests are not refused with HTTP 429', source: expected },
	'poll.id': { says: 'an answer names the task that was asked for', source: client },
	'gateway.type': { says: 'answers of the gateway are `application/json`', source: client },
	'gateway.wrapper': {
		says: 'an answer is the task itself, with nothing around it',
		source: client,
	},
	'gateway.redirect': { says: 'the gateway does not redirect', source: expected },
	'task.case': { says: 'states are written in lower case', source: client },
	'task.running': { says: '`status` of a running task is `in_progress`', source: client },
	'task.completed': { says: '`status` of a finished task is `completed`', source: client },
	'task.failed': { says: '`status` of a task that failed is `failed`', source: modelPages },
	'task.success': { says: 'a valid request is accepted and ends well', source: modelPages },
	'task.time': { says: 'a task ends within 600 s', source: client },
	'task.null': { says: 'fields that do not apply are left out, not null', source: client },
	'task.when': {
		says: 'result, usage and error come with the state they belong to',
		source: client,
	},
	'progress.order': { says: '`progress` never goes back', source: expected },
	'output.list': { says: '`output` of this model is a list', source: modelPages },
	'output.object': { says: '`output` of this model is one object', source: modelPages },
	'output.count': { says: '`output` holds as many images as were asked for', source: modelPages },
	'key.status': { says: 'a wrong key is refused with HTTP 401', source: errors },
	'unknown.status': {
		says: 'a task that does not exist is answered with HTTP 404',
		source: errors,
	},
	'refused.status': { says: 'a wrong request is refused with HTTP 400', source: errors },
	'refusal.form': {
		says: 'refusals come as `message`, `error` or an `error` object, each in its place',
		source: errors,
	},
	'image.host': { says: 'pictures lie on another host than the gateway', source: expected },
	'image.there': { says: 'a picture is there as soon as its task is completed', source: expected },
	'image.redirect': { says: 'a link leads to its picture without a redirect', source: expected },
	'image.type': { says: 'a picture is served under the type of its format', source: expected },
	'image.length': { says: 'a picture is served with its Content-Length', source: expected },
	'image.format': { says: 'a picture has the format that was asked for', source: modelPages },
	'image.size': { says: 'a picture has the size that was asked for', source: modelPages },
	'image.bytes': { says: '`size` is the bytes of the file', source: modelPages },
	'spec.key': { says: 'models are listed and described without a key', source: client },
	'spec.type': { says: 'descriptions are `application/json`', source: client },
	'spec.list': {
		says: 'the list is `data.models`, each with `id`, `name` and `type`',
		source: client,
	},
	'spec.form': {
		says: 'a description is `data.parameters`, each with `name` and `type`',
		source: client,
	},
	'spec.types': {
		says: `types of parameters are ${SPEC_TYPES.join(', ')}, or an array of one`,
		source: client,
	},
	'spec.enum': { says: 'allowed values are texts, even those of numbers', source: client },
	'spec.endpoint': { says: 'described models are called at `cloud.vtrix.ai`', source: client },
} satisfies Record<string, Fact>;
