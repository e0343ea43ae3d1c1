import type { Locator } from 'playwright-core';
import type { Editor } from '../../test/real-n8n/editor';
import type { InstalledNode } from '../../test/real-n8n/installedNode';
import { manualStart, vtrix, workflow, type Step } from '../../test/real-n8n/vtrixWorkflows';
import type { WorkflowFile } from '../../test/real-n8n/workflows';

/** One picture: what has to be done until it can be taken, and what part of the window it shows. */
export interface Scene {
	/** Name of the file, without extension. */
	name: string;
	theme?: 'dark';
	/** Gives the part to take; the whole window by default. */
	arrange(studio: Studio): Promise<Locator | void>;
}

/** How the node of a form is placed in its workflow. */
interface Placed {
	/** The steps before it; a manual trigger by default. */
	before?: Step[];
	/** Settings of the node, such as `onError`. */
	settings?: Record<string, unknown>;
	/** Base URL of a credential of its own. */
	baseUrl?: string;
	/** Key of a credential of its own. */
	apiKey?: string;
}

/** A real n8n with the node, and a browser that looks at it. */
export class Studio {
	constructor(
		readonly at: InstalledNode,
		readonly editor: Editor,
	) {}

	/** Saves a workflow and opens it on the canvas. */
	async openWorkflow(file: WorkflowFile): Promise<void> {
		const { id } = await this.at.n8n.workflows.create(file);
		await this.editor.openWorkflow(id);
	}

	/** Opens the form of a node with these parameters. */
	async openForm(
		parameters: Record<string, unknown>,
		{ before = [manualStart], settings = {}, ...access }: Placed = {},
	): Promise<void> {
		const node = vtrix(await this.credential(access), parameters, settings);
		await this.openWorkflow(workflow('Marketing images', [...before, node]));
		await this.editor.openNode('Vtrix');
	}

	/** Opens a form, presses "Execute step" and waits until the output panel shows what came of it. */
	async run(parameters: Record<string, unknown>, placed: Placed = {}): Promise<void> {
		await this.openForm(parameters, placed);
		await this.editor.runNode();
		await this.editor.closeNotices();
	}

	private async credential({ apiKey, baseUrl }: Pick<Placed, 'apiKey' | 'baseUrl'>) {
		const { n8n, standIn, credential } = this.at;
		if (apiKey === undefined && baseUrl === undefined) return credential;
		const data = { apiKey: apiKey ?? standIn.apiKey, baseUrl: baseUrl ?? standIn.url };
		return await n8n.credentials.create('vtrixApi', data, 'Vtrix account');
	}
}
