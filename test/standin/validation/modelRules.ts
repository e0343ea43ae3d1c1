import type { ModelFacts } from '../facts';
import type { MediaKind } from '../media/mediaSamples';

/** What kind of rule was broken; models with a code per rule tell them apart. */
export type Problem = 'missing' | 'invalid' | 'length' | 'count' | 'conflict' | 'unknown';

export interface Issue {
	param: string;
	problem: Problem;
	why: string;
}

/** One input image as it stands in the parameters. */
export type Reference =
	| { param: string; kind: 'url'; url: string }
	| { param: string; kind: 'base64'; base64: string; declaredFormat?: string };

/** What a model's tasks deliver, beside number and size of the pictures. */
export interface Delivery {
	format: 'png' | 'jpeg';
	/** Files of this kind instead of pictures. */
	media?: MediaKind;
	delivery: 'url' | 'b64_json';
	/** Form of `output` on this model's page. */
	output: 'array' | 'object';
	/** Documented fields of a content entry beside type and url. */
	entry: { size?: boolean; jobId?: boolean };
	/** Documented fields of `usage` beside cost and discount. */
	usage: 'plain' | 'tokens' | 'webSearch';
	costPerImage: number;
	/** Code of the model's own generation error. */
	failureCode: string;
}

/** What a task of this request will deliver. */
export interface ImagePlan extends Delivery {
	count: number;
	width: number;
	height: number;
}

/** How a model answers; what it allows follows from the facts. */
export interface ModelRules {
	facts: ModelFacts;
	/** The code of a refusal. */
	code(issue: Issue): string;
	delivers(params: Record<string, unknown>): Delivery;
}
