import { createHmac } from 'node:crypto';

import type { Task } from './task';

/** Path and query under which the CDN has this image; every character of it counts. */
export function imagePath(task: Task, index: number, seed: number | string): string {
	const extension = task.plan.media ?? (task.plan.format === 'png' ? 'png' : 'jpg');
	const path = `/images/${task.record.index}-${task.token}/image%20${index}.${extension}`;
	const signature = createHmac('sha256', `signing ${seed}`).update(path).digest('base64');
	// escapes in both cases, blanks as + and %20, bare = + / : and an empty value, as signers write them
	return [
		`${path}?X-Amz-Algorithm=AWS4-HMAC-SHA256`,
		'X-Amz-Credential=STANDIN%2F20250101%2fauto%2Fs3%2Faws4_request',
		'X-Amz-Date=20250101T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host',
		'response-content-disposition=inline%3B+filename%3D%22a%20b~c.png%22',
		`x-id=GetObject&tag=a+b/c:d==&empty=&X-Amz-Security-Token=${token(task, index)}`,
		`X-Amz-Signature=${signature}`,
	].join('&');
}

/** Task index and image index of a CDN path, also under the mirror's prefix. */
export function imageOfPath(path: string): { taskIndex: number; imageIndex: number } | undefined {
	const match = /^\/images\/(\d+)-[0-9a-f]+\/image%20(\d+)\.[a-z0-9]+\?/.exec(path);
	return match ? { taskIndex: Number(match[1]), imageIndex: Number(match[2]) } : undefined;
}

/** Real ones have some hundred characters. */
function token(task: Task, index: number): string {
	const long = createHmac('sha512', task.token).update(String(index)).digest('base64');
	return `IQoJ${long}${long}${long}`.replace(/\//g, '%2F').replace(/\+/g, '%2B');
}
