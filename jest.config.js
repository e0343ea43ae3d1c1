/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '/test/real-n8n/'],
	// p-limit and its queue are published as ES modules only
	transformIgnorePatterns: ['/node_modules/(?!(p-limit|yocto-queue)/)'],
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
