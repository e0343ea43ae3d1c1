// Jest's test runner, ended by the first test that fails: a mutant dies once. Jest's own `bail` works
// on its command line alone.
const { createEmptyTestResult } = require('@jest/test-result');
const { default: circus } = require('jest-circus/runner');

/** To Jest a file without any result has failed by itself. */
const LEFT_OUT = {
	ancestorTitles: [],
	failureDetails: [],
	failureMessages: [],
	fullName: 'left out',
	numPassingAsserts: 0,
	status: 'pending',
	title: 'left out',
};

/** Runs in which a test has failed, by their global configuration. */
const failed = new WeakSet();

module.exports = async function bail(globalConfig, config, environment, ...rest) {
	const [, testFilePath] = rest;
	if (failed.has(globalConfig)) {
		return {
			...createEmptyTestResult(),
			testFilePath,
			numPendingTests: 1,
			testResults: [LEFT_OUT],
		};
	}
	const { handleTestEvent } = environment;
	environment.handleTestEvent = async function (event, state) {
		if (event.name === 'test_fn_failure' || event.name === 'hook_failure') failed.add(globalConfig);
		if (event.name === 'test_start' && failed.has(globalConfig)) event.test.mode = 'skip';
		await handleTestEvent?.call(environment, event, state);
	};
	const result = await circus(globalConfig, config, environment, ...rest);
	if (result.numFailingTests > 0 || result.testExecError) failed.add(globalConfig);
	return result;
};
