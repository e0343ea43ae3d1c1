/** One request with its answer as it went over the wire, before anything is taken out. */
export interface Exchange {
	/** `spec` is the host of the models' descriptions, `images` every other: where links and redirects lead. */
	to: 'gateway' | 'images' | 'spec';
	/** Complete address, without the credential. */
	url: string;
	/** Path below the base URL for the gateway, path and query for others. */
	path: string;
	method: string;
	sentHeaders: Record<string, string>;
	sentBody: Buffer;
	answer?: {
		status: number;
		/** Lower-case names. */
		headers: Record<string, string>;
		/** Without compression. */
		body: Buffer;
		/** Where a redirect leads, complete. */
		location?: string;
	};
	/** Why there is no answer, or only a part of it: a code such as ECONNREFUSED. */
	broke?: string;
	/** Epoch milliseconds. */
	startedAt: number;
	/** Absent while it goes on. */
	endedAt?: number;
}
