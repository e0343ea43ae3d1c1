/** The end-to-end tests: a real n8n, installed once into the user's cache folder. */
module.exports = {
	...require('../../jest.config'),
	rootDir: '../..',
	roots: ['<rootDir>/test/real-n8n'],
	testPathIgnorePatterns: ['/node_modules/'],
	// Installing n8n is part of the first test of a machine.
	testTimeout: 600_000,
};
