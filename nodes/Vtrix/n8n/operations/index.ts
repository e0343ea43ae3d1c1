import { generateImages } from './generateImages';
import { getTasks } from './getTasks';
import type { Operation } from './operation';

/**
 * Every operation, in the order of the dropdowns; the first one of a resource is its default.
 * Dropdowns, fields, subtitle and dispatch follow from this list.
 */
export const OPERATIONS: readonly Operation[] = [generateImages, getTasks];
