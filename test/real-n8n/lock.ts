/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/require-node-api-error */
import fs from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const HEARTBEAT_MS = 2000;
const SILENT_MS = 60_000;

const ownerSchema = z.object({ pid: z.number(), host: z.string() });

const hasCode = (error: unknown, code: string) =>
	typeof error === 'object' && error !== null && 'code' in error && error.code === code;

async function take(file: string) {
	try {
		await fs.writeFile(file, JSON.stringify({ pid: process.pid, host: hostname() }), {
			flag: 'wx',
		});
		return true;
	} catch (error) {
		if (hasCode(error, 'EEXIST')) return false;
		throw error;
	}
}

function isAlive(pid: number) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return hasCode(error, 'EPERM');
	}
}

/** A lock is abandoned when its process is dead, or has given no sign of life for a minute. */
async function isAbandoned(file: string) {
	const [text, stat] = await Promise.all([fs.readFile(file, 'utf8'), fs.stat(file)]);
	if (Date.now() - stat.mtimeMs > SILENT_MS) return true;
	if (!text) return false; // taken this very moment
	const owner = ownerSchema.parse(JSON.parse(text));
	return owner.host === hostname() && !isAlive(owner.pid);
}

async function breakIfAbandoned(file: string) {
	try {
		if (!(await isAbandoned(file))) return;
		const aside = `${file}.${process.pid}`;
		await fs.rename(file, aside); // of several waiting processes only one gets it
		// another one may have broken it and taken it anew since the look above
		if (!(await isAbandoned(aside))) await fs.link(aside, file);
		await fs.rm(aside);
	} catch (error) {
		if (!hasCode(error, 'ENOENT')) throw error;
	}
}

/** Lets go of a lock. */
export type Release = () => Promise<void>;

/** Takes the lock, or gives undefined when another living process holds it. */
export async function tryLock(file: string): Promise<Release | undefined> {
	await fs.mkdir(path.dirname(file), { recursive: true });
	if (!(await take(file))) {
		await breakIfAbandoned(file);
		if (!(await take(file))) return undefined;
	}
	const heartbeat = setInterval(() => {
		const now = new Date();
		fs.utimes(file, now, now).catch(() => undefined);
	}, HEARTBEAT_MS);
	heartbeat.unref();
	return async () => {
		clearInterval(heartbeat);
		await fs.rm(file, { force: true });
	};
}

/**
 * Does the work while holding a lock file, so that of several processes only one does it at a time.
 * @param onWait called once when another process holds the lock
 */
export async function withLock<T>(file: string, onWait: () => void, work: () => Promise<T>) {
	let release = await tryLock(file);
	if (!release) onWait();
	while (!release) {
		await sleep(500);
		release = await tryLock(file);
	}
	try {
		return await work();
	} finally {
		await release();
	}
}
