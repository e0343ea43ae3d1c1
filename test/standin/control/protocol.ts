import { z } from 'zod';

import { faultConditionsSchema, faultKindSchema } from '../faults/schemas';
import type { Fault } from '../faults/schemas';

/** Where the control endpoint lives on the gateway's origin; the base path does not apply. */
export const CONTROL = '/__control';

/** Which fault it is gets checked where it is programmed. */
const anyFault = z.custom<Fault>(
	(value) => z.object({ type: z.string() }).passthrough().safeParse(value).success,
	'fault must be an object with a type',
);

export const faultRequestSchema = z
	.object({ kind: faultKindSchema, fault: anyFault, conditions: faultConditionsSchema.optional() })
	.strict();

export const infoSchema = z.object({
	url: z.string(),
	cdnUrl: z.string(),
	mirrorUrl: z.string(),
	specUrl: z.string(),
	apiKey: z.string(),
});

/** Where a stand-in is to be found and what key it takes. */
export type StandInInfo = z.infer<typeof infoSchema>;
