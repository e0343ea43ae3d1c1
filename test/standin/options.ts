import { z } from 'zod';

import type { RecordedStep } from './playback/format';
import { COUNTINGS } from './server/rateLimit';

/** Smooths or roughens the reported progress; without it progress is elapsed time / latency. */
const progressStyle = z
	.object({
		/** Largest deviation either way, 0 to 1; the result stays within 0 to 1. */
		noise: z.number().min(0).max(1).optional(),
		/** Rounds down to multiples of this, such as 0.1. */
		step: z.number().positive().max(1).optional(),
		/** Share of the polls (0 to 1) whose answer leaves progress out. */
		omit: z.number().min(0).max(1).optional(),
	})
	.strict();

/** What the service takes at most; the rest is answered with 429. A limit left out is none. */
const limits = z
	.object({
		/** Tasks at a time: created and not ended, whether or not an answer has told so. */
		concurrentTasks: z.number().int().min(0).optional(),
		creationsPerSecond: z.number().min(0).optional(),
		pollsPerSecond: z.number().min(0).optional(),
		/** How requests are counted by the second. Default 'sliding'. */
		counting: z.enum(COUNTINGS).optional(),
		/** Adds Retry-After. */
		retryAfterSeconds: z.number().min(0).optional(),
	})
	.strict();

/** The options that can be changed while the stand-in runs, also from another process. */
export const runningOptionsSchema = z
	.object({
		/** How long a task takes: ms, or [least, most] ms drawn by seed and task index. */
		latencyMs: z
			.union([z.number().min(0), z.tuple([z.number().min(0), z.number().min(0)])])
			.optional(),
		/** Whether polls report progress. Default true. */
		progress: z.union([z.boolean(), progressStyle]).optional(),
		/** Images of a group, if fewer than the request allows. */
		groupSize: z.number().int().min(1).optional(),
		/** Pads every image to exactly this many bytes (at least the drawing's own size). */
		imageBytesSize: z.number().int().min(1).optional(),
		/** Serves images of 24 × 24 pixels whatever was asked for. */
		tinyImages: z.boolean().optional(),
		/** 'plain': one picture per size and format. 'scene': one per prompt and seed. */
		drawing: z.enum(['plain', 'scene']).optional(),
		/** Keeps every answer back for so long, in ms. */
		delayMs: z
			.object({
				create: z.number().min(0).optional(),
				poll: z.number().min(0).optional(),
				download: z.number().min(0).optional(),
			})
			.strict()
			.optional(),
		/** Refuses what goes beyond them; an empty object lifts them. */
		limits: limits.optional(),
		/** USD for one image; the default depends on the model. */
		costPerImage: z.number().min(0).optional(),
		/** Form of refusals: as documented (default), or in the envelope of the platform's other parts. */
		refusals: z.enum(['documented', 'envelope']).optional(),
		/** Fetches the URLs of input images and checks their content too. Default false. */
		fetchImages: z.boolean().optional(),
	})
	.strict();

export type Limits = z.infer<typeof limits>;
export type RunningOptions = z.infer<typeof runningOptionsSchema>;

/** How long a task takes, in ms: fixed, drawn from [least, most], or by task index. */
export type Latency = number | [number, number] | ((index: number) => number);

export type StandInOptions = Omit<RunningOptions, 'latencyMs'> & {
	/** Default 50 ms. */
	latencyMs?: Latency;
	/** Default 'stand-in-key'. */
	apiKey?: string;
	/** Path under which the gateway lives, such as '/proxy/v9'. Default none. */
	basePath?: string;
	/** Port of the gateway; default a free one. */
	port?: number;
	/** Port of the CDN; default a free one. */
	cdnPort?: number;
	/** All that is drawn by chance depends on it. Default 1. */
	seed?: number | string;
	/** Whether `requests` is filled. Default true. Off, memory stays flat over any number of tasks. */
	keepRequests?: boolean;
	/** Tasks remembered; the oldest are forgotten first (then 404). Default 20,000 if requests are not kept. */
	taskLimit?: number;
	/** Plays this recording in the place of a gateway of its own. */
	recording?: readonly RecordedStep[];
	/** Clock in ms since 1970, for tests that move time by hand. */
	now?: () => number;
};

export type Settings = StandInOptions &
	Required<
		Pick<
			StandInOptions,
			'apiKey' | 'basePath' | 'latencyMs' | 'progress' | 'drawing' | 'keepRequests' | 'now' | 'seed'
		>
	> & { taskLimit: number };

export function settingsFrom(options: StandInOptions): Settings {
	const basePath = options.basePath ?? '';
	if (basePath !== '' && (!basePath.startsWith('/') || basePath.endsWith('/'))) {
		throw new Error(`basePath must start with a slash and not end with one, got "${basePath}"`);
	}
	const keepRequests = options.keepRequests ?? true;
	return {
		...options,
		apiKey: options.apiKey ?? 'stand-in-key',
		basePath,
		latencyMs: options.latencyMs ?? 50,
		progress: options.progress ?? true,
		drawing: options.drawing ?? 'plain',
		keepRequests,
		taskLimit: options.taskLimit ?? (keepRequests ? Infinity : 20_000),
		seed: options.seed ?? 1,
		now: options.now ?? Date.now,
	};
}
