import { CommandError } from './command';

/** Why n8n could not be installed, in words that say what to do. */
export class InstallError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'InstallError';
	}
}

const REASONS: ReadonlyArray<[RegExp, string]> = [
	[
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|ERR_SOCKET_TIMEOUT/,
		'The npm registry cannot be reached. Check the internet connection (and the proxy and ' +
			'registry settings of npm), then run the command again: it goes on where it stopped.',
	],
	[/ENOSPC/, 'The disk is full. n8n needs about 2 GB for each version.'],
	[/EACCES|EROFS/, 'The cache folder cannot be written to. XDG_CACHE_HOME names another one.'],
];

/** Says in plain words why an installation step failed, with the step's own last words below. */
export function explainInstall(what: string, error: unknown): unknown {
	if (!(error instanceof CommandError)) return error;
	const reason = REASONS.find(([pattern]) => pattern.test(error.output))?.[1];
	return new InstallError(
		`${what} failed. ${reason ?? 'What it said last:'}\n\n${error.output.slice(-1500)}`,
	);
}
