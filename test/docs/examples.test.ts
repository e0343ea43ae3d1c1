/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import path from 'node:path';
import { NodeHelpers, type INodeParameters } from 'n8n-workflow';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';

interface ExampleNode {
	name: string;
	type: string;
	parameters: INodeParameters;
	credentials?: unknown;
}
interface Example {
	nodes: ExampleNode[];
	connections: Record<string, Record<string, Array<Array<{ node: string }>>>>;
}

const FOLDER = path.join(__dirname, '..', '..', 'examples');
const files = fs.readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const { description } = new Vtrix();

const read = (file: string): Example =>
	JSON.parse(fs.readFileSync(path.join(FOLDER, file), 'utf8')) as Example;

/** Parameters that the node does not know, at any depth. */
function unknownParameters(given: INodeParameters, known: INodeParameters, at = ''): string[] {
	return Object.entries(given).flatMap(([name, value]) => {
		const place = at ? `${at}.${name}` : name;
		const there = known[name];
		if (there === undefined) return [place];
		const nested = (candidate: unknown): candidate is INodeParameters =>
			typeof candidate === 'object' && candidate !== null && !Array.isArray(candidate);
		return nested(value) && nested(there) ? unknownParameters(value, there, place) : [];
	});
}

test('there is an example for every kind of use', () => expect(files).toHaveLength(12));

describe.each(files)('%s', (file) => {
	const { nodes, connections } = read(file);
	const ours = nodes.filter(({ type }) => type.startsWith('n8n-nodes-vtrix.'));

	test('explains itself with a note', () => {
		expect(nodes.some(({ type }) => type === 'n8n-nodes-base.stickyNote')).toBe(true);
	});

	test('sets only fields that the node has', () => {
		expect(ours.length).toBeGreaterThan(0);
		for (const { name, parameters } of ours) {
			const known = NodeHelpers.getNodeParameters(
				description.properties,
				parameters,
				true,
				false,
				{ typeVersion: 1 },
				description,
			);
			expect([name, unknownParameters(parameters, known ?? {})]).toEqual([name, []]);
		}
	});

	test('connects steps that exist and brings no credentials along', () => {
		const names = nodes.map(({ name }) => name);
		const wired = Object.entries(connections).flatMap(([from, kinds]) => [
			from,
			...Object.values(kinds).flatMap((outputs) => outputs.flat().map(({ node }) => node)),
		]);
		for (const name of wired) expect(names).toContain(name);
		expect(nodes.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
	});
});
