// What n8n's own parts make of the node for its AI builder. Run with the Node of an installed n8n:
// node builderView.cjs <its node_modules> <the package's folder> <searches as JSON>
const { readFileSync } = require('node:fs');
const path = require('node:path');

const [modules, folder, searches] = process.argv.slice(2);
const ofN8n = (file) => require(path.join(modules, file));
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

const { synthesizeNodeTypeDef } = ofN8n('n8n/dist/modules/mcp-registry/synthesize-type-def.js');
const { NodeSearchEngine } = ofN8n('@n8n/ai-utilities/dist/cjs/node-catalog/search-engine.js');

const { Vtrix } = require(path.join(folder, 'dist/nodes/Vtrix/Vtrix.node.js'));
const { alias } = json(path.join(folder, 'dist/nodes/Vtrix/Vtrix.node.json'));
const { description } = new Vtrix();

const catalogue = ['n8n-nodes-base', '@n8n/n8n-nodes-langchain'].flatMap((name) =>
	json(path.join(modules, name, 'dist/types/nodes.json')).map((node) => ({
		...node,
		name: `${name}.${node.name}`,
	})),
);
const engine = new NodeSearchEngine([...catalogue, { ...description, codex: { alias } }]);
const found = JSON.parse(searches).map((words) => engine.searchByName(words, 20));

const definition = synthesizeNodeTypeDef(description);
process.stdout.write(JSON.stringify({ definition, found, catalogue: catalogue.length }));
