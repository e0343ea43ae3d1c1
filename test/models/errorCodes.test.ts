import { findErrorAdvice } from '../../nodes/Vtrix/models';
import { DOCUMENTED_MODELS, imagesField } from './checking';
import type { ModelFacts } from '../standin/facts';

/** What the message for a documented meaning has to be about. */
const ABOUT: Record<string, RegExp> = {
	'There is no prompt': /no prompt/,
	'There is no image': /no image/,
	'The prompt is too short or too long': /length of the prompt/,
	'A parameter has a value that is not allowed': /one of the settings/,
	'The number of images is not the one that the model takes': /one image/,
	'The seed is not allowed': /seed/,
	'The scale is outside of its range': /prompt influence/,
	'Width or height is outside of its range': /size/,
	'Images came both as URLs and as data': /two ways at once/,
	'The list of images is malformed': /list of images/,
	'There are more than 14 images': /too many images/,
	'The picture could not be made, for a reason within the service': /not generate the image/,
	'The service could not read the finished result': /not read the result/,
	'A service behind the gateway answered with an HTTP error': /behind it/,
	'The service could not find out how far the task is': /lost track/,
	'The service could not start the task': /not start/,
	'The service is not available just now': /not available/,
	'The picture could not be made while the service waited for it': /broke off/,
};

const CODES = DOCUMENTED_MODELS.flatMap(({ id, model, facts }) =>
	Object.entries(facts.errorCodes).map(([code, meaning]) => ({ id, code, meaning, model, facts })),
);

test('each of the 38 documented error codes is explained, and no other', () => {
	expect(CODES).toHaveLength(38);
	for (const { model, facts } of DOCUMENTED_MODELS) {
		expect(Object.keys(model.errorCodes).sort()).toEqual(Object.keys(facts.errorCodes).sort());
	}
});

describe.each(CODES)('$code of $id', ({ code, id, meaning, model, facts }) => {
	const { message = '', advice = '' } = findErrorAdvice(code) ?? {};

	test('says what the page says, and what to do', () => {
		expect(ABOUT).toHaveProperty([meaning]);
		expect(message).toMatch(ABOUT[meaning]);
		expect(message).toMatch(/^[A-Z].*[^.]$/);
		expect(advice).toMatch(/^[A-Z].*\.$/);
	});

	test("is found without the zeros that a number can't start with", () => {
		expect(findErrorAdvice(String(Number(code)))).toBe(findErrorAdvice(code));
	});

	test('names only what the editor has', () => {
		const labels = Object.values(model.parameters).map(({ displayName }) => displayName);
		for (const [, label] of advice.matchAll(/'([^']+)'/g)) {
			expect([...labels, imagesField(id), 'Task', 'Get']).toContain(label);
		}
	});

	test("names only figures of the model's page", () => {
		for (const [figure] of advice.matchAll(/-?\d+(\.\d+)?/g)) {
			expect(figuresOf(facts)).toContain(Number(figure));
		}
	});
});

test.each(DOCUMENTED_MODELS)('$id: no two codes read alike', ({ model }) => {
	const texts = Object.values(model.errorCodes);
	expect(new Set(texts.map(({ message }) => message)).size).toBe(texts.length);
	expect(new Set(texts.map(({ advice }) => advice)).size).toBe(texts.length);
});

test('an unknown code has no advice of its own', () => {
	expect(findErrorAdvice('003099001')).toBeUndefined();
	expect(findErrorAdvice('')).toBeUndefined();
	expect(findErrorAdvice('constructor')).toBeUndefined();
});

/** Every limit of a model, in the units that texts use. */
function figuresOf({ parameters, prompt, images, size }: ModelFacts): number[] {
	return [
		...parameters.flatMap(({ min, max }) => [min, max]),
		prompt.maxCharacters,
		...Object.values(prompt.recommended),
		images.maxCount,
		images.maxBytes / 1_000_000,
		size.side?.min,
		size.side?.max,
	].flatMap((figure) => (typeof figure === 'number' ? [figure] : []));
}
