/** The tests that draw thousands of cases: requests and files at their limits, a soak in faults. */
module.exports = {
	...require('../../jest.config'),
	rootDir: '../..',
	roots: ['<rootDir>/test/thorough'],
	testPathIgnorePatterns: ['/node_modules/'],
};
