/** Where a fact about the service is written down. */
export const SOURCES = {
	/** Pages of the single models; each documents what its result holds. */
	modelPages: 'the model pages, https://doc.vtrix.ai/docs/api/vtrix',
	/** The exchange itself, as the vendor's own open-source client has it. */
	client: "the vendor's client, https://github.com/VtrixAI/vtrix-cli",
	/** Statuses and bodies of refusals. */
	errors: 'the error pages, https://doc.vtrix.ai',
	/** Nothing is written about it: it is what this project expects. */
	expected: 'not documented, expected by this project',
} as const;

/** One thing that is believed of the service. */
export interface Fact {
	/** As a sentence without its full stop. */
	says: string;
	/** One of {@link SOURCES}. */
	source: string;
}
