import { CONDUCT } from '../../../test/standin/answers/conduct';
import type { Fact } from '../../../test/standin/answers/source';
import { BY_STATE, HEAD, IMAGE, USAGE, type Field } from '../../../test/standin/answers/taskShapes';
import type { Belief } from './belief';

const ofFields = (prefix: string, fields: Readonly<Record<string, Field>>): Belief[] =>
	Object.entries(fields).map(([name, { fact }]) => ({ id: `${prefix}.${name}`, ...fact }));

const ofConduct = (facts: Readonly<Record<string, Fact>>): Belief[] =>
	Object.entries(facts).map(([id, fact]) => ({ id, ...fact }));

/**
 * Everything that is believed of the service: what the stand-in declares of its own answers, and
 * nothing else. So whatever the stand-in does is as believed.
 */
export const BELIEFS: readonly Belief[] = [
	...ofFields('field', { ...HEAD, ...BY_STATE.running, ...BY_STATE.completed, ...BY_STATE.failed }),
	...ofFields('usage', { ...USAGE.plain, ...USAGE.tokens, ...USAGE.webSearch }),
	...ofFields('entry', IMAGE),
	...ofConduct(CONDUCT),
];
