// Loads the built node as n8n does and prints what that took, as JSON. Needs --expose-gc.
// node --expose-gc loadNode.cjs <n8n's node_modules> <package folder>
const { createRequire } = require('node:module');
const path = require('node:path');

const [modules, folder] = process.argv.slice(2);
const fromN8n = createRequire(path.join(modules, 'n8n', 'package.json'));
// n8n has these in memory already
fromN8n('n8n-workflow');
fromN8n('zod');
const { n8n } = require(path.join(folder, 'package.json'));

global.gc();
const before = process.memoryUsage();
const began = performance.now();
for (const file of [...n8n.nodes, ...n8n.credentials]) {
	for (const Type of Object.values(require(path.join(folder, file)))) new Type();
}
const ms = performance.now() - began;
const after = process.memoryUsage();
global.gc();
const heap = process.memoryUsage().heapUsed - before.heapUsed;
process.stdout.write(JSON.stringify({ ms, heap, resident: after.rss - before.rss }));
