// `npm run mutate -- <files>`: changes the code in every small way that could be a mistake, and tells
// which changes no test notices. test/README.md has the results and how to read them.
import { CheckStatus } from '@stryker-mutator/api/check';
import { declareFactoryPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/**
 * Which test files judge which sources: those where the behaviour lives, the quickest first. Every
 * mutant is run against them until one fails, so a list is to take seconds.
 */
const JUDGES = [
	[/core\/pipeline\/spending/, ['core/spending']],
	[
		/core\/pipeline\/collectImages/,
		[
			'node/errors',
			'node/tasks',
			'node/generate',
			'node/customFiles',
			'node/parallel',
			'faults/stop',
		],
	],
	[/core\/pipeline\/workThrough/, ['node/parallel', 'node/generate']],
	[
		/core\/pipeline\/generate/,
		['core/ledger', 'core/spending', 'core/generate', 'node/customFiles'],
	],
	[/core\/pipeline\//, ['core/ledger', 'core/spending', 'core/generate']],
	[/throttling\/fairQueue/, ['core/fairQueue']],
	[/throttling\/taskLimit/, ['core/throttle', 'core/taskLimit']],
	[/throttling\/rate/, ['core/rate']],
	[/throttling\/pollBudget/, ['core/pollBudget']],
	[/throttling\/(pollQueue|byteLimit)/, ['core/pollQueue', 'core/client']],
	[/core\/exchange\/throttling\//, ['core/throttle', 'core/client', 'core/generate']],
	[/core\/exchange\/usedUp/, ['core/usedUp', 'core/refusedError']],
	[/core\/exchange\/client/, ['core/client']],
	[/exchange\/answers\/(answerReader|answerBody|jsonString)/, ['core/answerBody']],
	[/exchange\/answers\/(errorInfo|unknownTask)/, ['core/errorInfo', 'core/answers', 'core/client']],
	[/core\/exchange\/pollOutcome/, ['core/pollOutcome', 'core/answers', 'core/client']],
	[
		/core\/exchange\/(answers\/|creationOutcome|exchange\.)/,
		['core/answers', 'core/pollOutcome', 'core/client'],
	],
	[
		/exchange\/http\/retry/,
		['core/networkErrors', 'core/waitForTask', 'core/client', 'faults/time'],
	],
	[/exchange\/http\/networkErrors/, ['core/networkErrors', 'core/client']],
	[/exchange\/http\/byteStream/, ['node/files']],
	[/exchange\/http\/timeLimit/, ['core/timeLimit']],
	[/exchange\/http\/url/, ['core/url']],
	[/exchange\/apiKey/, ['core/apiKey']],
	[/exchange\/publicFetch/, ['core/publicFetch']],
	[/exchange\/http\/readBody/, ['core/readBody']],
	[/exchange\/(refusedError|statusAdvice)/, ['core/refusedError', 'core/client']],
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
	[/core\/polling\/(judge|taskHistory|waitForTask)/, ['core/waitForTask']],
	[/core\/polling\//, ['core/pollSchedule']],
	[/core\/request\/checkImage\./, ['core/checkImage']],
	[/core\/request\/checkImageUrl/, ['core/linkChecks']],
	[/core\/request\/(encodeRequest|bodyPieces)/, ['core/encodeRequest']],
	[/core\/request\/(parseRequest|placeFiles)/, ['core/parseRequest', 'models/definitions']],
	[/core\/request\/sizeWish/, ['core/sizeWish', 'models/writtenSizes']],
	[
		/core\/(request\/parseSize|definition\/size)/,
		[
			'core/sizeBounds',
			'models/definitions',
			'models/models',
			'models/writtenSizes',
			'models/limits',
			'models/likeInput',
			'models/fields',
			'node/likeInput',
		],
	],
	[/core\/definition\/imageGroup/, ['core/imageGroup']],
	[/core\/definition\/inputImages/, ['core/checkImage', 'models/fields']],
	[
		/core\/(request|definition)\//,
		[
			'core/parameters',
			'core/parseRequest',
			'models/definitions',
			'models/models',
			'models/likeInput',
			'models/limits',
			'models/fields',
		],
	],
	[/n8n\/operations\/batch/, ['node/batch']],
	[/n8n\/operations\/runNode/, ['node/operations', 'node/tool', 'faults/stop']],
	[
		/n8n\/operations\/getTasks/,
		['node/operations', 'node/tasks', 'node/customFiles', 'node/output', 'reports/credentials'],
	],
	[
		/n8n\/operations\/generateImages/,
		[
			'node/generate',
			'node/preflight',
			'node/operations',
			'node/customInput',
			'node/customFiles',
			'node/errors',
			'reports/retries',
			'faults/spending',
			'faults/tries',
			'faults/items',
			'node/parallel',
		],
	],
	[/n8n\/operations\/(index|operation)\./, ['node/operations']],
	[/n8n\/operations\/properties/, ['node/operations', 'models/fields']],
	[/n8n\/operations\/preflight/, ['node/preflight']],
	[
		/n8n\/operations\/itemInput/,
		['node/generate', 'node/likeInput', 'node/tool', 'node/inputImages'],
	],
	[/n8n\/operations\//, ['node/generate', 'node/preflight', 'node/likeInput']],
	[/n8n\/input\/expressionChecks/, ['node/expressions']],
	[/n8n\/input\/jsonFiles/, ['node/customInput', 'node/described']],
	[/n8n\/input\/readOptions/, ['node/options']],
	[/n8n\/input\/fileEntries/, ['node/files', 'node/customInput']],
	[/n8n\/input\/rows/, ['node/expressions', 'node/inputImages', 'node/links']],
	[/n8n\/input\/linkEntries/, ['node/links']],
	[/n8n\/input\/taskIds/, ['node/tasks']],
	[/n8n\/input\/storedFile/, ['node/storedFile', 'node/files']],
	[/n8n\/input\/openedFile/, ['node/files', 'node/photos', 'node/customInput', 'node/preflight']],
	[
		/n8n\/input\/examineImages/,
		['node/inputImages', 'node/links', 'node/photos', 'node/likeInput', 'node/preflight'],
	],
	[/n8n\/input\/(examineFiles|fileRows)/, ['node/customInput']],
	[/n8n\/input\/imageRows/, ['node/inputImages', 'node/links', 'node/expressions']],
	[/n8n\/input\/(expressions|itemFiles)/, ['node/expressions', 'node/files', 'node/customInput']],
	[/n8n\/input\/fieldEntries/, ['node/tasks', 'node/links', 'node/expressions', 'node/files']],
	[/n8n\/input\/fileObjects/, ['node/fileObjects', 'node/files', 'node/customInput']],
	[/n8n\/input\/markedText/, ['node/customInput', 'node/described']],
	[/n8n\/input\/readParameters/, ['node/inputImages', 'node/expressions', 'node/customInput']],
	[/n8n\/output\/(errors|warnings)/, ['node/batch', 'node/errors']],
	[/n8n\/output\/errorItem/, ['node/errorBranch', 'node/errors']],
	[/n8n\/output\/toolAnswer/, ['node/tool']],
	[/n8n\/output\/items/, ['node/items', 'node/combinedItems']],
	[/n8n\/output\//, ['node/output', 'node/tool']],
];

const files = process.argv.flatMap((argument) => argument.split(','));
const judges = new Set(
	files.flatMap((file) => JUDGES.find(([source]) => source.test(file))?.[1] ?? []),
);

/** `MUTATE_EVERY=4` tries every fourth mutant; the others are counted as errors, which the score leaves out. */
const EVERY = Number(process.env.MUTATE_EVERY ?? 1);
const PASSED = { status: CheckStatus.Passed };
const LEFT_OUT = { status: CheckStatus.CompileError, reason: 'left out by MUTATE_EVERY' };

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	testRunner: 'jest',
	plugins: ['@stryker-mutator/jest-runner', import.meta.filename],
	ignorers: ['plain-texts'],
	checkers: EVERY > 1 ? ['share'] : [],
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
	declareFactoryPlugin(PluginKind.Checker, 'share', () => ({
		init: async () => {},
		check: async (mutants) =>
			Object.fromEntries(
				mutants.map(({ id }) => [id, Number(id) % EVERY === 0 ? PASSED : LEFT_OUT]),
			),
	})),
	declareValuePlugin(PluginKind.Ignore, 'plain-texts', {
		shouldIgnore: ({ node }) =>
			node.type === 'StringLiteral' && node.value.includes(' ') ? 'words for people' : undefined,
	}),
];
