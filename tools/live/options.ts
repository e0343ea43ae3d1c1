/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/require-node-api-error */
import { parseArgs } from 'node:util';
import type { Model } from '../../nodes/Vtrix/core/definition/model';
import { chooseModels, LIVE_MODELS } from './plan/models';

/** What the command line asks for. */
export type Command =
	| { does: 'replay'; folder: string }
	/** Compares descriptions: those of a recording, or else the vendor's as they are now. */
	| { does: 'spec'; models: Model[]; recording?: string; folder?: string }
	| { does: 'help' }
	| {
			does: 'prove';
			models: Model[];
			/** Without asking first. */
			yes: boolean;
			/** USD. */
			limit: number;
			imageUrl?: string;
			probe: boolean;
			/** Where the recording goes; one by the time of day unless told. */
			folder?: string;
	  };

/** A command line that cannot be followed, with what to change. */
export class UsageError extends Error {}

/** How the command is used, in plain words. */
export const USAGE = `Proves the node against the real Vtrix gateway: one smallest image for each model.

  VTRIX_API_KEY=... npm run live -- [options]
  npm run live -- replay <folder>    plays a recording; needs no key
  npm run live -- --spec             compares our models with the vendor's descriptions of them;
                                     needs no key, sends none, costs nothing
  npm run live -- replay <folder> --spec   the same with the descriptions of a recording

  --models a,b       only these models (${LIVE_MODELS.map(({ id }) => id).join(', ')})
  --limit 0.5        spend at most so many USD, 1 unless told
  --yes              do not ask before anything is sent
  --image-url URL    a public picture for the edit of a URL, else the first one that is made
  --probe            also ask, with GET and OPTIONS alone, on paths that the platform documents elsewhere
  --out <folder>     where the recording goes

VTRIX_BASE_URL is the address of the gateway, https://cloud.vtrix.ai unless set. VTRIX_SPEC_URL is that of
the models' descriptions, the vendor's unless one of the two is set.`;

/** @throws UsageError */
export function readCommand(args: readonly string[]): Command {
	const { values, positionals } = parse(args);
	if (values.help) return { does: 'help' };
	const [verb, folder, ...more] = positionals;
	if (verb === 'replay' && folder !== undefined && more.length === 0) {
		if (values.spec) return { does: 'spec', models: [], recording: folder };
		return { does: 'replay', folder };
	}
	if (verb !== undefined) {
		throw new UsageError(
			verb === 'replay'
				? 'Name one folder: npm run live -- replay <folder>'
				: `There is no '${verb}'.`,
		);
	}
	const ids = (values.models ?? '')
		.split(',')
		.map((id) => id.trim())
		.filter(Boolean);
	const { models, unknown } = chooseModels(ids);
	if (unknown.length > 0) {
		const known = LIVE_MODELS.map(({ id }) => id).join(', ');
		throw new UsageError(`There is no model '${unknown.join("', '")}'. Choose from ${known}.`);
	}
	const out = values.out === undefined ? {} : { folder: values.out };
	if (values.spec) return { does: 'spec', models, ...out };
	const limit = Number(values.limit ?? 1);
	if (!Number.isFinite(limit) || limit < 0) {
		throw new UsageError(`--limit takes an amount of USD, got '${values.limit}'.`);
	}
	const imageUrl = values['image-url'];
	if (imageUrl !== undefined && !/^https?:\/\/\S+$/i.test(imageUrl)) {
		throw new UsageError(`--image-url takes a complete address, got '${imageUrl}'.`);
	}
	return {
		does: 'prove',
		models,
		yes: values.yes === true,
		limit,
		probe: values.probe === true,
		...(imageUrl !== undefined && { imageUrl }),
		...out,
	};
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			allowPositionals: true,
			options: {
				models: { type: 'string' },
				limit: { type: 'string' },
				yes: { type: 'boolean' },
				'image-url': { type: 'string' },
				probe: { type: 'boolean' },
				out: { type: 'string' },
				spec: { type: 'boolean' },
				help: { type: 'boolean' },
			},
		});
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}
