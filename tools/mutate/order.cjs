// The order of the list that the tests were chosen by.
const { default: Sequencer } = require('@jest/test-sequencer');

module.exports = class extends Sequencer {
	sort(tests) {
		const place = ({ path, context }) => context.config.testMatch.indexOf(path);
		return [...tests].sort((one, other) => place(one) - place(other));
	}
};
