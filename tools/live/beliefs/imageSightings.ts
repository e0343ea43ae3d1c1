import { imageType } from '../../../test/standin/answers/conduct';
import type { RecordedExchange } from '../../../test/standin/playback/format';
import { isRecord } from '../../../test/standin/validation/checks';
import type { ImagePlan } from '../../../test/standin/validation/modelRules';
import type { Sighting } from './belief';

/** What is known of a link before its picture is fetched. */
export interface LinkedImage {
	plan: ImagePlan;
	model: string;
	/** `size` of its entry in the answer. */
	announced?: number;
	/** Whether a redirect led to it. */
	moved: boolean;
}

/** Path of a link below its host, as requests have it. */
export const pathOfLink = (link: string): string => link.replace(/^https?:\/\/[^/]+/, '');

/** Notes the links of a result. */
export function noteLinks(
	entries: readonly unknown[],
	{ plan, model }: { plan: ImagePlan; model: string },
	links: Map<string, LinkedImage>,
): void {
	for (const entry of entries) {
		const url = isRecord(entry) ? entry.url : entry;
		if (typeof url !== 'string') continue;
		const size = isRecord(entry) ? entry.size : undefined;
		links.set(pathOfLink(url), {
			plan,
			model,
			moved: false,
			...(typeof size === 'number' && { announced: size }),
		});
	}
}

/** What one request for a picture shows; a redirect is noted, so that its target is known. */
export function imageSightings(
	{ path, host, answer, broke }: RecordedExchange,
	gatewayHost: string | undefined,
	links: Map<string, LinkedImage>,
	where: string,
): Sighting[] {
	const see = (belief: string, seen?: string): Sighting => ({
		belief,
		where,
		...(seen !== undefined && { seen }),
	});
	const link = links.get(path);
	// what the node fetches beside results is no matter of the service
	if (!link) return [];
	if (!answer) return [see('image.there', `no answer (${broke ?? 'cut off'})`)];
	const { plan, announced, moved } = link;
	const { status, headers, body } = answer;
	if (status >= 300 && status < 400) {
		const to = headers.location ?? '';
		if (to !== '') links.set(pathOfLink(to), { ...link, moved: true });
		return [see('image.redirect', `HTTP ${status}`)];
	}
	if (status !== 200) return [see('image.there', `HTTP ${status}`)];
	if (broke !== undefined) return [see('image.there', `cut off (${broke})`)];
	const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
	const length = headers['content-length'];
	const bytes = body.kind === 'image' || body.kind === 'bytes' ? body.bytes : undefined;
	const packed = headers['content-encoding'] !== undefined;
	const lengthSeen =
		length === undefined
			? 'no Content-Length'
			: !packed && bytes !== undefined && Number(length) !== bytes
				? `${length} for ${bytes} bytes`
				: undefined;
	return [
		see('image.there'),
		...(moved ? [] : [see('image.redirect')]),
		...(gatewayHost === undefined
			? []
			: [see('image.host', host === gatewayHost ? "the gateway's own host" : undefined)]),
		see('image.type', type === imageType(plan.format) ? undefined : `\`${type || 'none'}\``),
		see('image.length', lengthSeen),
		...(body.kind === 'image'
			? [
					see(
						'image.format',
						body.format === plan.format ? undefined : `${body.format} for ${plan.format}`,
					),
					see(
						'image.size',
						body.width === plan.width && body.height === plan.height
							? undefined
							: `${body.width} × ${body.height} for ${plan.width} × ${plan.height}`,
					),
				]
			: [see('image.format', 'no picture')]),
		...(announced !== undefined && bytes !== undefined
			? [see('image.bytes', announced === bytes ? undefined : `${announced} for ${bytes} bytes`)]
			: []),
	];
}
