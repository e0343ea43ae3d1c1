/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Credential } from './credentials';
import { manualStart, vtrix, workflow } from './vtrixWorkflows';
import type { WorkflowFile } from './workflows';

const EXAMPLES = path.join(__dirname, '..', '..', 'examples');

/** Name of the step whose pictures are saved. */
export const PICTURE_STEP = 'Make a picture';

/** The workflow that is open to run: one step, explained beside it. */
export const trialWorkflow = (credential: Credential): WorkflowFile =>
	workflow(
		'First picture with Vtrix',
		[
			manualStart,
			vtrix(
				credential,
				{
					model: 'spark_dream_5_0',
					prompt: 'A small lighthouse at dawn, soft morning light, oil painting',
				},
				{ name: PICTURE_STEP },
			),
			{
				name: 'Note',
				type: 'n8n-nodes-base.stickyNote',
				typeVersion: 1,
				position: [-20, -260],
				parameters: {
					width: 520,
					height: 220,
					content:
						'## Your first picture\n1. Open **Make a picture** and change the prompt\n2. Press **Execute step**\n3. Look at the picture under **Binary** in the output\n\nOther models, sizes and input images are in the same form.',
				},
			},
		],
		[['Start', PICTURE_STEP]],
	);

const exampleSchema = z
	.object({
		name: z.string(),
		nodes: z.array(
			z
				.object({
					id: z.string(),
					name: z.string(),
					type: z.string(),
					typeVersion: z.number(),
					position: z.tuple([z.number(), z.number()]),
					parameters: z.record(z.string(), z.unknown()),
				})
				.passthrough(),
		),
		connections: z.record(z.string(), z.unknown()),
		settings: z.record(z.string(), z.unknown()).optional(),
	})
	.transform(
		({ connections, ...rest }): WorkflowFile => ({
			...rest,
			connections: connections as WorkflowFile['connections'],
		}),
	);

/** The project's example workflows with the credential filled in, by file name. */
export function exampleWorkflows({ id, name }: Credential): Map<string, WorkflowFile> {
	const files = fs.existsSync(EXAMPLES) ? fs.readdirSync(EXAMPLES) : [];
	const examples = files.filter((file) => file.endsWith('.json')).sort();
	return new Map(
		examples.map((file) => {
			const text = fs.readFileSync(path.join(EXAMPLES, file), 'utf8');
			const example = exampleSchema.parse(JSON.parse(text));
			const nodes = example.nodes.map((node) =>
				node.type.startsWith('n8n-nodes-vtrix.')
					? { ...node, credentials: { vtrixApi: { id, name } } }
					: node,
			);
			return [file, { ...example, nodes }];
		}),
	);
}
