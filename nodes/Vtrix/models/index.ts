import type { ErrorAdvice } from '../core/shared/errors';
import type { Model } from '../core/definition/model';
import { customModel } from './custom';
import { sparkDream30 } from './sparkDream30';
import { sparkDream45 } from './sparkDream45';
import { sparkDream50 } from './sparkDream50';
import { sparkDreamO } from './sparkDreamO';
import { sparkI2I30 } from './sparkI2I30';
import { sparkImage31 } from './sparkImage31';
import { sparkMultiDreamO } from './sparkMultiDreamO';
import { sparkT2I30 } from './sparkT2I30';

/** Every model of the dropdown, in its order. */
export const MODELS: readonly Model[] = [
	sparkDream50,
	sparkDream45,
	sparkImage31,
	sparkT2I30,
	sparkDream30,
	sparkDreamO,
	sparkMultiDreamO,
	sparkI2I30,
	customModel,
];

/** A model of the dropdown by its id. */
export const findModel = (id: unknown): Model | undefined =>
	MODELS.find((model) => model.id === id);

const CODE_LENGTH = 9;

/**
 * Advice for a documented error code, whichever model it belongs to. A code that came as a number
 * has lost its leading zeros.
 */
export function findErrorAdvice(code: string): ErrorAdvice | undefined {
	const documented = code.padStart(CODE_LENGTH, '0');
	return MODELS.find(({ errorCodes }) => Object.hasOwn(errorCodes, documented))?.errorCodes[
		documented
	];
}
