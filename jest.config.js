const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	runtime: '<rootDir>/test/support/jestRuntime.cjs',
	// While a test waits, another one works.
	maxWorkers: availableParallelism() + 1,
	// A busy machine is no reason to fail.
	testTimeout: 60_000,
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	// These have commands of their own: `npm run test:thorough` and `npm run test:e2e`.
	testPathIgnorePatterns: ['/node_modules/', '/test/real-n8n/', '/test/thorough/'],
	// Within jest a global is slow to reach, which hot loops feel; so each file is given these.
	sandboxInjectedGlobals: [
		'Array',
		'JSON',
		'Map',
		'Math',
		'Number',
		'Object',
		'Promise',
		'RegExp',
		'Set',
		'String',
	],
	// These are published as ES modules only.
	transformIgnorePatterns: ['/node_modules/(?!(get-port|p-limit|yocto-queue)/)'],
	transform: {
		'^.+\\.(ts|js)$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' },
				module: { type: 'commonjs' },
			},
		],
	},
};
