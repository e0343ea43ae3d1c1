/** The tests that draw thousands of cases: requests and files at their limits, a soak in faults. */
module.exports = {
	...require('../jest.config'),
	rootDir: '..',
	testMatch: ['<rootDir>/test/properties/**/*.test.ts', '<rootDir>/test/faults/soak.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
};
