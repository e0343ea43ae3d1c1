import type { LimitFunction } from 'p-limit';

/**
 * Does work in one of a limit's places, in the order of asking.
 *
 * @param work may call `release` to give the place to the next before it ends
 */
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
