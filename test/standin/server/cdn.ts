/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { imageType } from '../answers/conduct';
import { sendImage } from '../faults/downloadFaults';
import { mediaType } from '../media/mediaSamples';
import { imageOfPath, imagePath } from '../tasks/imageUrl';
import { openExchange, pause, sendJson, sendText } from './exchange';
import type { Exchange } from './exchange';
import type { World } from './world';

/** The image host: another origin, which must never see the key. The mirror serves the same. */
export async function serveCdn(
	world: World,
	server: 'cdn' | 'mirror',
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const moved = request.url?.startsWith('/moved/') === true;
	const path = (request.url ?? '').slice(moved ? '/moved'.length : 0);
	const place = imageOfPath(path);
	const kind = place === undefined ? 'other' : 'download';
	const exchange = openExchange(world, request, response, { server, kind });
	if (leaks(exchange)) {
		sendJson(response, 400, { error: 'the key does not belong here' });
		return;
	}
	if (world.playback) {
		await world.playback.serve(exchange, 'images');
		return;
	}
	if (path.startsWith('/loop/')) {
		sendText(response, 302, '', { location: path });
		return;
	}
	if (request.method !== 'GET' && request.method !== 'HEAD') {
		world.records.complain(`unexpected ${request.method} to the ${server}: ${request.url}`);
		sendText(response, 405, '');
		return;
	}
	const task = place && world.tasks.byTaskIndex(place.taskIndex);
	const image = place && task?.record.images[place.imageIndex];
	if (place === undefined || task === undefined || image === undefined) {
		sendText(response, 404, '<Error><Code>NoSuchKey</Code></Error>', XML);
		return;
	}
	if (path !== imagePath(task, place.imageIndex, world.settings.seed)) {
		world.records.complain(`changed image URL: ${path}`);
		sendText(response, 403, '<Error><Code>SignatureDoesNotMatch</Code></Error>', XML);
		return;
	}
	const { record } = exchange;
	const { settings } = world;
	record.taskId = task.record.id;
	record.imageIndex = place.imageIndex;
	image.firstDownloadAt ??= settings.now();
	image.downloads += 1;
	await pause(response, settings.delayMs?.download ?? 0);
	// whoever was sent here by a redirect has met its fault already
	const fault =
		moved || server === 'mirror'
			? undefined
			: world.faults.downloads.first({
					occurrence: world.records.occurrences('download'),
					model: task.record.model,
					taskId: task.record.id,
					taskIndex: place.taskIndex,
					imageIndex: place.imageIndex,
					download: image.downloads,
				});
	if (fault) world.records.fault(record, fault.type);
	if (fault === undefined || fault.type === 'delay') {
		response.once('close', () => {
			if (response.writableFinished) image.deliveredAt ??= settings.now();
		});
	}
	const { format, media } = task.plan;
	await sendImage(exchange, fault, {
		file: await world.pictures.file(task, place.imageIndex),
		contentType: media ? mediaType(media) : imageType(format),
		otherFormat: async () =>
			await world.pictures.file(task, place.imageIndex, format === 'png' ? 'jpeg' : 'png'),
	});
}

const XML = { 'content-type': 'application/xml' };

/** Whether a request to another host carries the key, which is noted. */
export function leaks({ request, record, world }: Exchange): boolean {
	const { apiKey } = world.settings;
	const found = [
		...(request.headers.authorization === undefined ? [] : ['Authorization header']),
		...(holds(request.url ?? '', apiKey) ? ['key in the URL'] : []),
		...Object.entries(request.headers)
			.filter(([name, value]) => name !== 'authorization' && holds(String(value), apiKey))
			.map(([name]) => `key in the header ${name}`),
	];
	for (const what of found) {
		world.records.leak(`${record.server}: ${what} of ${request.method} ${record.url.slice(0, 80)}`);
	}
	return found.length > 0;
}

function holds(text: string, key: string): boolean {
	return text.includes(key) || text.includes(encodeURIComponent(key));
}
