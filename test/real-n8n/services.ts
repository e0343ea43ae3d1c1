/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { LOOPBACK } from '../support/listen';
import { end, hasEnded, spawnGuarded } from './children';
import { attempt, run } from './command';

const START_TIMEOUT_MS = 60_000;
const DEBIAN_POSTGRES = '/usr/lib/postgresql';

/** A server that n8n in queue mode needs, started for one test run on 127.0.0.1. */
export interface Service {
	/** Tells n8n where it is. */
	env: Record<string, string>;
	/** Ends it and deletes what it kept. */
	stop(): Promise<void>;
}

const folderOnPath = (program: string) =>
	(process.env.PATH ?? '')
		.split(path.delimiter)
		.find((folder) => folder && fs.existsSync(path.join(folder, program)));

/** Debian keeps the servers of PostgreSQL off PATH, by version. */
function postgresFolder() {
	const versions = fs.existsSync(DEBIAN_POSTGRES) ? fs.readdirSync(DEBIAN_POSTGRES) : [];
	return (
		versions
			.sort((a, b) => Number(b) - Number(a))
			.map((version) => path.join(DEBIAN_POSTGRES, version, 'bin'))
			.find((folder) => fs.existsSync(path.join(folder, 'initdb'))) ?? folderOnPath('initdb')
	);
}

/** The Debian packages that are not installed, of those that queue mode needs. */
export function missingServices(): string[] {
	return [
		...(folderOnPath('redis-server') ? [] : ['redis-server']),
		...(postgresFolder() ? [] : ['postgresql']),
	];
}

/** Whether n8n's Edit Image node has the program that it works with. */
export const hasGraphicsMagick = (): boolean => folderOnPath('gm') !== undefined;

async function untilReady(server: ChildProcess, name: string, check: () => Promise<boolean>) {
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (!(await check())) {
		if (hasEnded(server)) throw new Error(`${name} ended while starting`);
		if (Date.now() > deadline) throw new Error(`${name} does not answer`);
		await sleep(100);
	}
}

/** Starts a Redis that keeps nothing on disk. */
export async function startRedis(): Promise<Service> {
	const port = String(await getPort({ host: LOOPBACK }));
	const memoryOnly = ['--save', '', '--appendonly', 'no', '--dir', tmpdir()];
	const args = ['--port', port, '--bind', '127.0.0.1', ...memoryOnly];
	const server = spawnGuarded('redis-server', args);
	await untilReady(server, 'Redis', async () => {
		return (await attempt('redis-cli', ['-p', port, 'ping'])).code === 0;
	});
	return {
		env: { QUEUE_BULL_REDIS_HOST: '127.0.0.1', QUEUE_BULL_REDIS_PORT: port },
		stop: async () => await end(server),
	};
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
async function asPostgresUser(folder: string): Promise<string[]> {
	if (process.getuid?.() !== 0) return [];
	const [uid, gid] = await Promise.all(
		['-u', '-g'].map(async (which) => Number(await run('id', [which, 'postgres']))),
	);
	fs.chownSync(folder, uid, gid);
	return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

/** Starts a PostgreSQL with an empty database, in a folder of its own. */
export async function startPostgres(): Promise<Service> {
	const bin = postgresFolder();
	if (!bin) throw new Error('PostgreSQL is not installed');
	const port = String(await getPort({ host: LOOPBACK }));
	const folder = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-postgres-'));
	const data = path.join(folder, 'data');
	const user = await asPostgresUser(folder);
	const command = (program: string, ...args: string[]): [string, string[]] => {
		const [first, ...rest] = [...user, path.join(bin, program), ...args];
		return [first, rest];
	};
	const init = ['-D', data, '-U', 'n8n', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
	await run(...command('initdb', ...init), { cwd: folder });
	const options = ['-F', '-c', 'unix_socket_directories=', '-c', 'max_connections=200'];
	const args = ['-D', data, '-p', port, '-h', '127.0.0.1', ...options];
	const server = spawnGuarded(...command('postgres', ...args), { cwd: folder });
	const ready = path.join(bin, 'pg_isready');
	await untilReady(server, 'PostgreSQL', async () => {
		return (await attempt(ready, ['-h', '127.0.0.1', '-p', port])).code === 0;
	});
	return {
		env: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: port,
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'n8n',
			DB_POSTGRESDB_PASSWORD: 'n8n',
		},
		async stop() {
			await end(server);
			fs.rmSync(folder, { recursive: true, force: true });
		},
	};
}
