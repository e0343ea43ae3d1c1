import { z } from 'zod';
import type { Rest } from './rest';

const credentialSchema = z.object({ id: z.string(), name: z.string(), type: z.string() });

/** A saved credential. */
export type Credential = z.infer<typeof credentialSchema>;

/** The fields of a credential by their names. */
export type CredentialData = Record<string, string | number | boolean>;

/** Credentials of the signed-in user. */
export class Credentials {
	constructor(private readonly rest: Rest) {}

	async create(type: string, data: CredentialData, name = type): Promise<Credential> {
		return await this.rest.call('POST', '/credentials', credentialSchema, { name, type, data });
	}

	async update({ id, name, type }: Credential, data: CredentialData): Promise<Credential> {
		const body = { id, name, type, data };
		return await this.rest.call('PATCH', `/credentials/${id}`, credentialSchema, body);
	}

	/** Deletes it; workflows that use it keep its id. */
	async remove({ id }: Credential) {
		await this.rest.call('DELETE', `/credentials/${id}`, z.unknown());
	}

	async list(): Promise<Credential[]> {
		return await this.rest.call('GET', '/credentials', z.array(credentialSchema));
	}

	/** What n8n shows after "Save" in the credential dialog. */
	async test({ id, name, type }: Credential, data: CredentialData) {
		const schema = z.object({ status: z.enum(['OK', 'Error']), message: z.string() });
		const credentials = { id, name, type, data };
		return await this.rest.call('POST', '/credentials/test', schema, { credentials });
	}
}
