/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import path from 'node:path';

/** Where n8n keeps files: in the execution's own data, on disk, or in the database. */
export type BinaryMode = 'default' | 'filesystem' | 'database';

export interface EnvironmentParts {
	dataDir: string;
	port: number;
	/** Port of n8n's task runner broker. */
	brokerPort: number;
	binaryMode?: BinaryMode;
	/** Folders that come first on PATH. */
	path: readonly string[];
	extra?: Record<string, string>;
}

// settings of the person or the test runner that would change what n8n does
const NOT_INHERITED =
	/^(N8N_|DB_|EXECUTIONS_|QUEUE_|VTRIX_|JEST_|NODE_ENV$|NODE_OPTIONS$|NODE_PATH$)/;

/** The environment of an n8n that talks to nobody but 127.0.0.1 and keeps to its data folder. */
export function n8nEnvironment(parts: EnvironmentParts): NodeJS.ProcessEnv {
	const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
	return {
		...Object.fromEntries(inherited),
		PATH: [...parts.path, process.env.PATH].join(path.delimiter),
		NODE_ENV: 'production',
		N8N_USER_FOLDER: parts.dataDir,
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(parts.port),
		N8N_RUNNERS_BROKER_PORT: String(parts.brokerPort),
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		N8N_LOG_LEVEL: 'info',
		DB_SQLITE_POOL_SIZE: '2',
		...(parts.binaryMode && { N8N_DEFAULT_BINARY_DATA_MODE: parts.binaryMode }),
		...parts.extra,
	};
}
