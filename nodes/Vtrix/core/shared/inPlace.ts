import type { LimitFunction } from 'p-limit';

/** Does work in one of a limit's places; `release` gives it to the next before the work ends. */
export const inPlace = async <Done>(
	limit: LimitFunction,
	work: (release: () => void) => Promise<Done>,
): Promise<Done> =>
	await new Promise<Done>((resolve, reject) => {
		void limit(
			async () =>
				await new Promise<void>((release) => {
					void work(release).then(resolve, reject).finally(release);
				}),
		);
	});
