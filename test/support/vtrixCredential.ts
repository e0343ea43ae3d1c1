import { VtrixApi } from '../../credentials/VtrixApi.credentials';
import type { TestCredential } from './credentials';

/** A saved `Vtrix API` credential; what is not given keeps the default of its field. */
export const vtrixCredential = (data: { apiKey?: string; baseUrl?: string }): TestCredential => ({
	type: new VtrixApi(),
	data,
});
