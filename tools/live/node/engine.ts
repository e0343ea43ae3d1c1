import type { INodeExecutionData } from 'n8n-workflow';
import { Vtrix } from '../../../nodes/Vtrix/Vtrix.node';
import { isRecord } from '../../../test/standin/validation/checks';
import { fileItem, readBinary } from '../../../test/support/binaryStore';
import { testCredential } from '../../../test/support/credentialTest';
import { runNode } from '../../../test/support/runNode';
import { vtrixCredential } from '../../../test/support/vtrixCredential';
import { samplePicture } from './samplePicture';
import type { DeliveredItem, Workbench } from './workbench';

async function delivered(item: INodeExecutionData): Promise<DeliveredItem> {
	const file = item.binary?.data;
	return {
		json: { ...item.json },
		...(file && {
			file: {
				fileName: file.fileName ?? '',
				mimeType: file.mimeType,
				bytes: await readBinary(item),
			},
		}),
	};
}

/** The node in n8n's own engine, within this process; n8n's binary store must be set up. */
export const engine: Workbench = {
	async testCredential(credential) {
		const { status, message } = await testCredential(new Vtrix(), vtrixCredential(credential));
		return { passed: status === 'OK', message };
	},
	async run({ credential, parameters, withFile }) {
		const file = { bytes: await samplePicture(), fileName: 'robot.jpg', mimeType: 'image/jpeg' };
		const { items, error } = await runNode({
			node: new Vtrix(),
			parameters: JSON.parse(JSON.stringify(parameters)),
			credentials: [vtrixCredential({ ...credential })],
			items: [withFile ? await fileItem({ data: file }) : { json: {} }],
		});
		const [success = []] = items;
		return {
			items: await Promise.all(success.map(delivered)),
			...(error && {
				error: { message: error.message, description: describe(error) },
			}),
		};
	},
};

const describe = (error: object): string => {
	const { description } = isRecord(error) ? error : { description: undefined };
	return typeof description === 'string' ? description : '';
};
