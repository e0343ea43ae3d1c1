/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/require-node-api-error, @n8n/community-nodes/no-hardcoded-secrets */
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { z } from 'zod';
import { LOOPBACK } from '../support/listen';
import { Binaries } from './binaries';
import { end, hasEnded, spawnGuarded } from './children';
import { attempt } from './command';
import { CommunityPackages } from './communityPackages';
import { Credentials } from './credentials';
import { resultSchema, type Result } from './execution';
import { Executions } from './executions';
import { installN8n, type InstalledN8n } from './installN8n';
import { n8nEnvironment, type BinaryMode } from './n8nEnvironment';
import type { Log } from './progress';
import { Rest } from './rest';
import { Workflows } from './workflows';

/** The one user of an n8n. */
export interface Owner {
	email: string;
	password: string;
	firstName: string;
	lastName: string;
}

/** The owner of every n8n of the tests. */
export const OWNER: Owner = {
	email: 'owner@example.com',
	password: 'Only-For-Tests-1',
	firstName: 'Test',
	lastName: 'Owner',
};

export interface N8nOptions {
	/** n8n version; the newest tested one by default. */
	version?: string;
	/** Where it keeps everything; a folder of its own that `dispose` deletes by default. */
	dataDir?: string;
	/** A free one by default. */
	port?: number;
	/** Where it keeps files; n8n's own default if not given. */
	binaryMode?: BinaryMode;
	/** Further environment variables. */
	env?: Record<string, string>;
	owner?: Owner;
	log?: Log;
}

/** What one `n8n execute` did. */
export interface CliRun {
	code: number;
	/** Like an execution, so that `itemsOf` reads it. */
	data?: { resultData: Result };
	/** All it printed. */
	output: string;
}

const START_TIMEOUT_MS = 180_000;

/** A real n8n server on 127.0.0.1. */
export class N8n {
	readonly rest = new Rest(() => this.url);
	readonly packages: CommunityPackages;
	readonly credentials = new Credentials(this.rest);
	readonly workflows = new Workflows(this.rest);
	readonly executions: Executions;
	readonly binaries = new Binaries(this.rest);
	readonly logFile: string;
	private readonly children: ChildProcess[] = [];

	private constructor(
		readonly installed: InstalledN8n,
		readonly dataDir: string,
		readonly port: number,
		private readonly options: N8nOptions,
	) {
		this.packages = new CommunityPackages(this.rest, dataDir);
		this.executions = new Executions(this.rest, installed.modules);
		this.logFile = path.join(dataDir, 'n8n.log');
	}

	/** Installs n8n if need be, starts it, waits until it answers and signs the owner in. */
	static async start(options: N8nOptions = {}) {
		const installed = await installN8n(options.version, options.log);
		const dataDir = options.dataDir ?? fs.mkdtempSync(path.join(tmpdir(), 'n8n-vtrix-'));
		fs.mkdirSync(dataDir, { recursive: true });
		const n8n = new N8n(
			installed,
			dataDir,
			options.port ?? (await getPort({ host: LOOPBACK })),
			options,
		);
		n8n.packages.writeShim();
		try {
			await n8n.boot();
		} catch (error) {
			await n8n.stop();
			throw error;
		}
		return n8n;
	}

	get version() {
		return this.installed.version;
	}

	get owner() {
		return this.options.owner ?? OWNER;
	}

	get url() {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Stops it and starts it again on the same data and port. */
	async restart() {
		await this.stop();
		await this.boot();
	}

	/** Stops it and everything it started. */
	async stop() {
		await Promise.all(this.children.splice(0).map(async (child) => await end(child)));
	}

	/** Stops it and deletes its data, if it made the folder itself. */
	async dispose() {
		await this.stop();
		if (!this.options.dataDir) fs.rmSync(this.dataDir, { recursive: true, force: true });
	}

	/** The last lines of its log. */
	tail(lines = 40, file = this.logFile) {
		if (!fs.existsSync(file)) return '';
		return fs.readFileSync(file, 'utf8').split('\n').slice(-lines).join('\n');
	}

	/** Starts a further n8n process (`worker`, ...) that `stop` ends, with its output in a log file. */
	async spawn(
		args: readonly string[],
		{ logFile = this.logFile, env = {} }: { logFile?: string; env?: Record<string, string> } = {},
	) {
		const output = fs.openSync(logFile, 'a');
		const child = spawnGuarded(this.installed.node, [this.installed.bin, ...args], {
			cwd: this.dataDir,
			env: { ...(await this.environment()), ...env },
			output,
		});
		fs.closeSync(output);
		this.children.push(child);
		return child;
	}

	/** Runs a saved workflow with `n8n execute`, in a process of its own on the same data. */
	async executeCli(workflowId: string): Promise<CliRun> {
		const args = [this.installed.bin, 'execute', `--id=${workflowId}`, '--rawOutput'];
		const { code, stdout, stderr } = await attempt(this.installed.node, args, {
			cwd: this.dataDir,
			env: await this.environment(),
			timeoutMs: 120_000,
		});
		const begin = stdout.indexOf('{\n');
		const text = begin < 0 ? undefined : stdout.slice(begin, stdout.lastIndexOf('}') + 1);
		const schema = z.object({ data: z.object({ resultData: resultSchema }).optional() });
		const data = text ? schema.parse(JSON.parse(text)).data : undefined;
		return { code, data, output: `${stdout}\n${stderr}` };
	}

	/** Calls a production webhook. n8n registers it a moment after the workflow is activated. */
	async callWebhook(route: string, init: RequestInit = { method: 'POST' }) {
		for (let tries = 0; ; tries++) {
			const response = await fetch(`${this.url}/webhook/${route}`, init);
			if (response.status !== 404 || tries > 60) return response;
			await sleep(300);
		}
	}

	/** Sends in a production form, as the browser does. */
	async callForm(route: string, form: FormData) {
		for (let tries = 0; ; tries++) {
			const response = await fetch(`${this.url}/form/${route}`, { method: 'POST', body: form });
			if (response.status !== 404 || tries > 60) return response;
			await sleep(300);
		}
	}

	private async environment() {
		return n8nEnvironment({
			dataDir: this.dataDir,
			port: this.port,
			brokerPort: await getPort({ host: LOOPBACK }),
			binaryMode: this.options.binaryMode,
			path: [this.packages.shimFolder, path.dirname(this.installed.node)],
			extra: this.options.env,
		});
	}

	private async boot() {
		const child = await this.spawn(['start']);
		const deadline = Date.now() + START_TIMEOUT_MS;
		while (!(await this.answers())) {
			if (hasEnded(child)) throw new Error(`n8n ended while starting:\n${this.tail()}`);
			if (Date.now() > deadline) throw new Error(`n8n does not answer:\n${this.tail()}`);
			await sleep(200);
		}
		await this.signIn();
	}

	/** While it starts it answers with a page in HTML; its readiness check says yes too early. */
	private async answers() {
		try {
			const response = await this.rest.send('GET', '/rest/settings');
			return response.ok && 'data' in z.object({ data: z.unknown() }).parse(await response.json());
		} catch {
			return false;
		}
	}

	/** Makes the owner's account on the first start. */
	private async signIn() {
		const schema = z.object({ userManagement: z.object({ showSetupOnFirstLoad: z.boolean() }) });
		const { userManagement } = await this.rest.call('GET', '/settings', schema);
		const { email, password } = this.owner;
		if (userManagement.showSetupOnFirstLoad) {
			await this.rest.call('POST', '/owner/setup', z.unknown(), this.owner);
		} else {
			const body = { email, emailOrLdapLoginId: email, password };
			await this.rest.call('POST', '/login', z.unknown(), body);
		}
	}
}
