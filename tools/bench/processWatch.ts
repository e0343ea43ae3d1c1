/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 25;
/** Memory is calm while it changes by less than this. */
const CALM_BYTES = 2_000_000;
const CALM_AT_LAST_MS = 60_000;

const read = (file: string): string => {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return ''; // the process ended meanwhile
	}
};

/** Every process below `root`, itself included. */
function tree(root: number): number[] {
	const children = read(`/proc/${root}/task/${root}/children`).trim();
	return [root, ...(children ? children.split(' ').flatMap((pid) => tree(Number(pid))) : [])];
}

/** Resident memory of a process, bytes; 0 once it has ended. */
function residentBytes(pid: number): number {
	const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
	return Number(kibibytes ?? 0) * 1024;
}

/** Processor time that a process has used, in ms, by the clock ticks of Linux (100 a second). */
function cpuMs(pid: number): number {
	// the name in parentheses may hold blanks; user and system time are fields 14 and 15
	const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
	return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

/** The process of this one's offspring that works in a folder, in which n8n keeps its data. */
export function processIn(folder: string): number {
	const worksIn = (pid: number) => {
		try {
			return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(folder);
		} catch {
			return false;
		}
	};
	return tree(process.pid).find(worksIn) ?? 0;
}

/** What a process and all it started took. */
export interface Usage {
	/** Bytes above idle at the highest point. */
	peakMemory: number;
	/** Processor time, ms. */
	cpu: number;
}

/** Watches a process and all it started. */
export class ProcessWatch {
	private peak = 0;
	private readonly timer: NodeJS.Timeout;

	private constructor(
		private readonly pids: readonly number[],
		private readonly idle: number,
		private readonly cpuBefore: number,
	) {
		this.timer = setInterval(() => this.look(), EVERY_MS);
	}

	/** Waits until the memory has been calm for so long, then watches. */
	static async start(root: number, calmMs: number): Promise<ProcessWatch> {
		const pids = tree(root);
		const resident = () => sum(pids.map(residentBytes));
		const began = Date.now();
		let idle = resident();
		let calmSince = began;
		while (Date.now() - calmSince < calmMs && Date.now() - began < CALM_AT_LAST_MS) {
			await sleep(EVERY_MS);
			if (Math.abs(resident() - idle) < CALM_BYTES) continue;
			idle = resident();
			calmSince = Date.now();
		}
		return new ProcessWatch(pids, idle, sum(pids.map(cpuMs)));
	}

	stop(): Usage {
		clearInterval(this.timer);
		this.look();
		return { peakMemory: this.peak - this.idle, cpu: sum(this.pids.map(cpuMs)) - this.cpuBefore };
	}

	private look(): void {
		this.peak = Math.max(this.peak, sum(this.pids.map(residentBytes)));
	}
}

const sum = (values: readonly number[]): number =>
	values.reduce((total, value) => total + value, 0);
