/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { WorkflowFile } from '../../test/real-n8n/workflows';
import { handmadeWorkflow, vtrixWorkflow, type Access, type Work } from './workflows';

/** A way to make the same images. */
export interface Rival {
	name: string;
	/** Tasks that it works on at the same time; all of them when left out. */
	concurrency?: number;
	/** Whether it looks at a task's progress; others are not measured with and without. */
	usesProgress: boolean;
	workflow(work: Work, access: Access): WorkflowFile;
}

/** Those whose names hold BENCH_ONLY, so that a long run can be done in parts. */
export const chosen = <T extends { name: string }>(rivals: readonly T[]): T[] =>
	rivals.filter(({ name }) => name.includes(process.env.BENCH_ONLY ?? ''));

/** This package's node. */
export const node = (
	concurrency: number | undefined,
	options: Record<string, number> = {},
): Rival => ({
	name: concurrency === undefined ? 'this node (default)' : `this node, ${concurrency} at a time`,
	...(concurrency !== undefined && { concurrency }),
	usesProgress: true,
	workflow: (work, access) =>
		vtrixWorkflow(work, access, {
			...(concurrency !== undefined && { maxConcurrency: concurrency }),
			...options,
		}),
});

/** How nodes for such APIs usually work: one item after the other, at a fixed interval. */
export const ONE_BY_ONE: Rival = {
	name: 'one item after the other, every 5 s',
	concurrency: 1,
	usesProgress: false,
	workflow: (work, access) => vtrixWorkflow(work, access, { maxConcurrency: 1, pollInterval: 5 }),
};

/** The workflow of n8n's own nodes, all items at the same time. */
export const handmade = (waitSeconds: number): Rival => ({
	name: `handmade workflow, Wait ${waitSeconds} s`,
	usesProgress: false,
	workflow: (work, access) => handmadeWorkflow(work, access, waitSeconds),
});
