import { ASSUMED_PER_IMAGE, usd } from './plan/budget';
import { imagesPlanned, type PlannedStep } from './plan/steps';

/** What is going to happen and what it may cost, before anything is sent. */
export function announce(steps: readonly PlannedStep[], limit: number, shown: string): string {
	const images = imagesPlanned(steps);
	return [
		`This is going to talk to ${shown} with your key, through the packed node in a real n8n:`,
		'',
		...steps.map((step) => `  ${step.images === 0 ? 'free' : 'paid'}  ${step.title}`),
		'',
		`Charged to your account: ${images} images at the most. The service documents no prices; at ${usd(ASSUMED_PER_IMAGE)}`,
		`each that is ${usd(images * ASSUMED_PER_IMAGE)}. It stops at ${usd(limit)} by the costs that the service reports.`,
		'Everything is recorded without your key, prompts, image data and the queries of links.',
	].join('\n');
}

/** What whoever has set no key is told. */
export const WITHOUT_KEY = `VTRIX_API_KEY is not set, so nothing was sent and nothing was charged.`;
