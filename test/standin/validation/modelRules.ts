import type { Check } from './checks';
import type { MediaKind } from '../media/mediaSamples';
import type { ImageLimits } from './inspectImage';

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

/** What a task of this request will deliver. */
export interface ImagePlan {
	count: number;
	width: number;
	height: number;
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

/** One model's page, typed by hand. */
export interface ModelRules {
	params: Record<string, Check>;
	required: readonly string[];
	/** Parameters that carry the input images; judged by `references`, not by `params`. */
	sources: readonly string[];
	imageLimits: ImageLimits;
	/** Input images, and what is wrong with their number or form. */
	references(params: Record<string, unknown>): { references: Reference[]; issues: Issue[] };
	/** Rules over several parameters; `references` is the number of input images. */
	across(params: Record<string, unknown>, references: number): Issue[];
	code(issue: Issue): string;
	plan(params: Record<string, unknown>, references: number): ImagePlan;
}
