import type { BinaryEntry } from './execution';
import type { Rest } from './rest';

/** Files of items, wherever n8n keeps them. */
export class Binaries {
	constructor(private readonly rest: Rest) {}

	/** The bytes of a file, by the way the editor's "Download" takes. */
	async download({ id, data, fileName = '', mimeType }: BinaryEntry) {
		if (!id) return Buffer.from(data, 'base64');
		const query = new URLSearchParams({ id, action: 'download', fileName, mimeType });
		const response = await this.rest.send('GET', `/rest/binary-data?${query.toString()}`);
		if (!response.ok) throw new Error(`The file ${id} was answered ${response.status}`);
		return Buffer.from(await response.arrayBuffer());
	}
}
