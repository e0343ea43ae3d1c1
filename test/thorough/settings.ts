/* eslint-disable @n8n/community-nodes/no-restricted-globals */

/** Drawn cases of each kind for each model; `VTRIX_PROPERTY_RUNS` asks for more. */
export const RUNS = Number(process.env.VTRIX_PROPERTY_RUNS ?? 1000);

/** Of them, those that also go through n8n's engine; many items share one run. */
export const ENGINE_RUNS = Math.ceil(RUNS / 40);

/** What the cases are drawn from. The same seed draws the same cases; `VTRIX_PROPERTY_SEED` sets it. */
export const SEED = Number(process.env.VTRIX_PROPERTY_SEED ?? 20260314);

/** How a test shows what it drew, so that a failure can be drawn again. */
export const drawn = (runs: number): string => `${runs} drawn, seed ${SEED}`;
