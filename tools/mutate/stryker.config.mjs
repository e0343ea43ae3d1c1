// `npm run mutate -- <files>`: changes the code in every small way that could be a mistake, and tells
// which changes no test notices. test/README.md has the results and how to read them.
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/**
 * Which test files judge which sources: those where the behaviour lives, the quickest first. Every
 * mutant is run against them until one fails, so a list is to take seconds.
 */
const JUDGES = [
	[/core\/pipeline\/spending/, ['core/spending']],
	[/core\/pipeline\//, ['core/ledger', 'core/spending', 'core/generate']],
	[/throttling\/(pollQueue|pollBudget|fairQueue|byteLimit)/, ['core/pollQueue', 'core/client']],
	[/core\/exchange\/throttling\//, ['core/throttle', 'core/client', 'core/generate']],
	[/core\/exchange\/usedUp/, ['core/usedUp']],
	[/core\/exchange\/pollOutcome/, ['core/pollOutcome', 'core/answers', 'core/client']],
	[
		/core\/exchange\/(answers\/|creationOutcome|exchange\.)/,
		['core/answers', 'core/pollOutcome', 'core/errorInfo', 'core/client', 'core/answerBody'],
	],
	[
		/core\/exchange\//,
		[
			'core/answers',
			'core/client',
			'core/errorInfo',
			'core/usedUp',
			'core/url',
			'core/apiKey',
			'core/networkErrors',
			'core/answerBody',
		],
	],
	[/core\/polling\//, ['core/waitForTask', 'core/pollSchedule']],
	[
		/core\/(request|definition)\//,
		[
			'models/definitions',
			'models/models',
			'models/limits',
			'models/writtenSizes',
			'core/encodeRequest',
			'core/mediaFiles',
			'core/linkChecks',
			'node/sizes',
			'node/preflight',
		],
	],
	[/n8n\/operations\/batch/, ['node/batch']],
	[/n8n\/operations\/(attempt|runNode)/, ['node/operations', 'node/errorBranch', 'faults/items']],
	[
		/n8n\/operations\//,
		['node/operations', 'node/errorBranch', 'faults/items', 'faults/tries', 'faults/ledger'],
	],
	[
		/n8n\/input\//,
		['node/inputImages', 'node/expressions', 'node/links', 'node/tasks', 'node/customInput'],
	],
	[
		/n8n\/output\//,
		['node/output', 'node/results', 'node/errors', 'node/errorBranch', 'node/tool'],
	],
];

const files = process.argv.flatMap((argument) => argument.split(','));
const judges = new Set(
	files.flatMap((file) => JUDGES.find(([source]) => source.test(file))?.[1] ?? []),
);

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	testRunner: 'jest',
	plugins: ['@stryker-mutator/jest-runner', import.meta.filename],
	ignorers: ['plain-texts'],
	jest: {
		configFile: 'jest.config.js',
		enableFindRelatedTests: false,
		config: {
			...(judges.size > 0 && {
				testMatch: Array.from(judges, (name) => `<rootDir>/test/${name}.test.ts`),
			}),
			testRunner: '<rootDir>/tools/mutate/bail.cjs',
			testSequencer: './tools/mutate/order.cjs',
		},
	},
	// Coverage by test would leave out what happens before a file's first test.
	coverageAnalysis: 'all',
	// A busy machine is no reason to call a mutant killed.
	timeoutMS: 60_000,
	concurrency: 1,
	// Each run of the tests leaves modules in the memory of its process.
	maxTestRunnerReuse: 40,
	reporters: ['progress-append-only', 'clear-text', 'json'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	jsonReporter: { fileName: '.stryker-tmp/report.json' },
	tempDirName: '.stryker-tmp',
	// Nothing of it is to be found by whoever looks through the project.
	cleanTempDir: 'always',
	ignorePatterns: ['**/*.md', 'dist', 'live-recordings', '.stryker-tmp'],
};

/** Words for people are no decisions. Texts with values in them are mutated. */
export const strykerPlugins = [
	declareValuePlugin(PluginKind.Ignore, 'plain-texts', {
		shouldIgnore: ({ node }) =>
			node.type === 'StringLiteral' && node.value.includes(' ') ? 'words for people' : undefined,
	}),
];
