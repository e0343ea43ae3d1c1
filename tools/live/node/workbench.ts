/** What a Vtrix credential holds. */
export interface GatewayCredential {
	apiKey: string;
	baseUrl: string;
}

/** One run of the node, as the editor would save it. */
export interface NodeJob {
	title: string;
	credential: GatewayCredential;
	parameters: Record<string, unknown>;
	/** Whether its item carries the sample picture as `data`. */
	withFile: boolean;
}

/** One item that the node delivered. */
export interface DeliveredItem {
	json: Record<string, unknown>;
	file?: { fileName: string; mimeType: string; bytes: Buffer };
}

/** What came of a run: items, or what the node told. */
export interface NodeResult {
	items: DeliveredItem[];
	error?: { message: string; description: string };
}

/** Where the node runs: in a real n8n, or in n8n's engine alone. */
export interface Workbench {
	/** Tests a credential as its dialog does. */
	testCredential(credential: GatewayCredential): Promise<{ passed: boolean; message: string }>;
	run(job: NodeJob): Promise<NodeResult>;
}
