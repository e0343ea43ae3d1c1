/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import fs from 'node:fs';

/** Each process of this machine with its parent; empty where there is no /proc. */
function parents(): Map<number, number> {
	const found = new Map<number, number>();
	if (!fs.existsSync('/proc')) return found;
	for (const name of fs.readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
			// the program's name stands in brackets and may hold anything
			const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			if (state !== 'Z') found.set(Number(name), Number(parent));
		} catch {
			// it ended just now
		}
	}
	return found;
}

/** Ids of the processes that a process started, and of those that they started. */
export function descendantsOf(pid: number): number[] {
	const all = [...parents()];
	const below = (ancestor: number): number[] =>
		all.filter(([, parent]) => parent === ancestor).flatMap(([child]) => [child, ...below(child)]);
	return below(pid);
}

/** Those of the processes that still run. */
export function stillRunning(pids: readonly number[]): number[] {
	const running = parents();
	return pids.filter((pid) => running.has(pid));
}

/** Memory that a process holds, in MiB. */
export function residentMiB(pid: number): number {
	const [, kiB] = /^VmRSS:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
	return Number(kiB ?? 0) / 1024;
}
