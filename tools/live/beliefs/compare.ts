import { PATIENCE } from '../../../test/standin/answers/conduct';
import type { RecordedStep } from '../../../test/standin/playback/format';
import { readTask } from '../reading/readTask';
import { BELIEFS } from './beliefs';
import type { Belief, Sighting } from './belief';
import { gatewaySightings } from './gatewaySightings';
import { imageSightings, noteLinks, type LinkedImage } from './imageSightings';
import { specSightings } from './specSightings';
import { jsonOf, polledId, tasksOf } from './world';

/** A belief that something spoke against. */
export interface Difference {
	belief: Belief;
	/** What was seen in its place, with the places, most frequent first. */
	seen: Array<{ what: string; where: string[] }>;
	/** Models whose answers showed it. */
	models: string[];
}

/** What a recording says about all that is believed. */
export interface Comparison {
	asBelieved: Belief[];
	different: Difference[];
	notSeen: Belief[];
}

/** Holds every answer of a recording against what the stand-in plays. */
export async function compare(steps: readonly RecordedStep[]): Promise<Comparison> {
	const sightings = await sightingsOf(steps);
	const undeclared = [...new Set(sightings.map(({ belief }) => belief))]
		.filter((id) => BELIEFS.every((belief) => belief.id !== id))
		.map(
			(id): Belief => ({ id, says: 'answers have no further fields', source: 'not documented' }),
		);
	const result: Comparison = { asBelieved: [], different: [], notSeen: [] };
	for (const belief of [...BELIEFS, ...undeclared]) {
		const own = sightings.filter((sighting) => sighting.belief === belief.id);
		const against = own.filter(({ seen }) => seen !== undefined);
		if (own.length === 0) result.notSeen.push(belief);
		else if (against.length === 0) result.asBelieved.push(belief);
		else {
			const models = against.flatMap(({ model }) => model ?? []);
			result.different.push({ belief, seen: grouped(against), models: [...new Set(models)] });
		}
	}
	return result;
}

function grouped(sightings: readonly Sighting[]): Difference['seen'] {
	const places = new Map<string, string[]>();
	for (const { seen = '', where } of sightings) {
		places.set(seen, [...(places.get(seen) ?? []), where]);
	}
	return [...places]
		.map(([what, where]) => ({ what, where: [...new Set(where)] }))
		.sort((a, b) => b.where.length - a.where.length);
}

const about = (model: string | undefined, sightings: readonly Sighting[]): Sighting[] =>
	sightings.map((sighting) => ({ ...sighting, ...(model !== undefined && { model }) }));

async function sightingsOf(steps: readonly RecordedStep[]): Promise<Sighting[]> {
	const tasks = await tasksOf(steps);
	const all: Sighting[] = [];
	for (const { step, exchanges } of steps) {
		const links = new Map<string, LinkedImage>();
		const progress = new Map<string, number>();
		const gatewayHost = exchanges.find(({ to }) => to === 'gateway')?.host;
		for (const [index, exchange] of exchanges.entries()) {
			const where = `${step} #${index + 1}`;
			if (exchange.to === 'spec') {
				all.push(...specSightings(exchange, where));
				continue;
			}
			if (exchange.to === 'images') {
				const model = links.get(exchange.path)?.model;
				all.push(...about(model, imageSightings(exchange, gatewayHost, links, where)));
				continue;
			}
			const reading = readTask(jsonOf(exchange.answer));
			const id = polledId(exchange) ?? reading?.id;
			const task = id === undefined ? undefined : tasks.get(id);
			const model = task && 'model' in task.expected ? task.expected.model : undefined;
			all.push(...about(model, await gatewaySightings(exchange, tasks, where)));
			if (!reading || !task) continue;
			if (task.expected.kind === 'accepted') noteLinks(reading.entries, task.expected, links);
			if (typeof reading.progress === 'number') {
				const before = progress.get(task.id) ?? 0;
				const back = reading.progress < before;
				all.push({
					belief: 'progress.order',
					where,
					...(back && { seen: `${before}, then ${reading.progress}` }),
				});
				progress.set(task.id, reading.progress);
			}
			if (reading.state !== 'running' && task.step === step) {
				const tookMs = exchange.atMs + exchange.tookMs - task.atMs;
				const late = tookMs > PATIENCE.task;
				all.push({
					belief: 'task.time',
					where,
					...(late && { seen: `${Math.round(tookMs / 1000)} s` }),
				});
			}
		}
	}
	return all;
}
