import type { Model } from '../../../nodes/Vtrix/core/definition/model';
import { MODELS } from '../../../nodes/Vtrix/models';

/** Every model with parameters of its own: the custom one stands for all others. */
export const LIVE_MODELS: readonly Model[] = MODELS.filter(({ id }) => id !== 'custom');

/** Models by their ids; all of them if none is named. */
export function chooseModels(ids: readonly string[]): { models: Model[]; unknown: string[] } {
	const unknown = ids.filter((id) => LIVE_MODELS.every((model) => model.id !== id));
	const models = LIVE_MODELS.filter(({ id }) => ids.length === 0 || ids.includes(id));
	return { models, unknown };
}

/** The page that documents a model. */
export const pageOf = (id: string): string | undefined =>
	LIVE_MODELS.find((model) => model.id === id)?.documentationUrl;
