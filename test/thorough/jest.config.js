/** The tests that draw thousands of cases: requests and files at their limits, a soak in faults. */
module.exports = {
	...require('../../jest.config'),
	// Most of its time is work.
	maxWorkers: '100%',
	rootDir: '../..',
	roots: ['<rootDir>/test/thorough'],
	testPathIgnorePatterns: ['/node_modules/'],
};
