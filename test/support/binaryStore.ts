/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import {
	BinaryDataBlobManager,
	BinaryDataService,
	Container,
	ErrorReporter,
	Logger,
	S3ByteStore,
} from './n8nCore';
import { n8nHome } from './n8nHome';
import './recordingLogger';
import type { S3Server } from './s3Server';

/** A file to be put into an item. */
export interface InputFile {
	bytes: Uint8Array;
	fileName: string;
	mimeType: string;
}

/** n8n's binary store as the tests see it. */
export interface BinaryStore {
	/** Folder of the stored files (`filesystem`). */
	dir: string;
	service: BinaryDataService;
	/** Paths of everything stored so far, relative to `dir`. Empty in the modes `default` and `s3`. */
	storedFiles(): string[];
	/** Deletes the folder. */
	cleanup(): void;
}

/** Where a bucket is; its server may run in another process. */
interface Bucket extends Pick<S3Server, 'host' | 'bucket' | 'accessKey'> {
	/** How often n8n's S3 client tries; as often as n8n lets it unless told. */
	maxAttempts?: number;
}

/**
 * Sets n8n's real binary data service up in a temporary folder, for all runs that follow in this
 * test file.
 *
 * @param where `filesystem` as n8n 2 has it by default, `default`: inline in the item, as n8n 1, or a
 * bucket, put together as n8n does it when its licence allows S3.
 */
export async function initBinaryData(
	where: 'filesystem' | 'default' | Bucket = 'filesystem',
): Promise<BinaryStore> {
	const mode = typeof where === 'string' ? where : 's3';
	const dir = mkdtempSync(path.join(n8nHome, 'binaries-'));
	const service = new BinaryDataService(
		{
			mode,
			availableModes: ['filesystem', 's3'],
			localStoragePath: dir,
			signingSecret: 'signing secret of the tests',
			dbMaxFileSize: 512,
			initialize: async () => {},
		},
		Container.get(ErrorReporter),
		Container.get(Logger),
	);
	await service.init();
	if (typeof where !== 'string') service.setManager('s3', await s3Manager(where));
	Container.set(BinaryDataService, service);
	return {
		dir,
		service,
		storedFiles: () =>
			readdirSync(dir, { recursive: true, withFileTypes: true })
				.filter((entry) => entry.isFile())
				.map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name))),
		cleanup: () => rmSync(dir, { recursive: true, force: true }),
	};
}

/** n8n's own S3 store, connected to a bucket. */
async function s3Manager({
	host,
	bucket,
	accessKey,
	maxAttempts = 3,
}: Bucket): Promise<BinaryDataBlobManager> {
	// its S3 client is large, and few tests need one
	const { ObjectStoreService } = await import('@n8n/blob-storage/object-store');
	const objectStore = new ObjectStoreService(Container.get(Logger), {
		host,
		protocol: 'http',
		forcePathStyle: true,
		maxAttempts,
		startupTimeoutMs: 10_000,
		bucket: { name: bucket, region: 'us-east-1' },
		credentials: { accessKey, accessSecret: 'secret', authAutoDetect: false },
	});
	await objectStore.init();
	return new BinaryDataBlobManager(new S3ByteStore(objectStore), Container.get(ErrorReporter));
}

/**
 * An item that carries files, stored the way an earlier node of the workflow would have stored
 * them.
 *
 * @param files by field name, e.g. `{ data: { bytes, fileName: 'a.png', mimeType: 'image/png' } }`
 */
export async function fileItem(
	files: Record<string, InputFile>,
	json: IDataObject = {},
): Promise<INodeExecutionData> {
	const binary: Record<string, IBinaryData> = {};
	for (const [field, { bytes, fileName, mimeType }] of Object.entries(files)) {
		binary[field] = await Container.get(BinaryDataService).store(
			{ type: 'execution', workflowId: 'input', executionId: 'input' },
			Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
			{
				data: '',
				fileName,
				mimeType,
				fileType: mimeType.startsWith('image/') ? 'image' : undefined,
				fileExtension: path.extname(fileName).slice(1),
			},
		);
	}
	return { json, binary };
}

/**
 * The bytes of an item's file, wherever the store keeps them.
 *
 * @throws when the item has no such file.
 */
export async function readBinary(
	item: INodeExecutionData | undefined,
	field = 'data',
): Promise<Buffer> {
	const file = item?.binary?.[field];
	if (!file) {
		const there = Object.keys(item?.binary ?? {}).join(', ') || 'none';
		throw new Error(`The item has no file in '${field}' (files: ${there})`);
	}
	return await Container.get(BinaryDataService).getAsBuffer(file);
}
