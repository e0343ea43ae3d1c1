import {
	fitGroup,
	mostImages,
	type ImageGroup,
} from '../../nodes/Vtrix/core/definition/imageGroup';
import type { Parameter } from '../../nodes/Vtrix/core/definition/parameter';
import { choice, integer, text } from '../../nodes/Vtrix/core/definition/parameters';

const label = (displayName: string) => ({ displayName, description: 'What it is' });
const options = [
	{ value: 'off', name: 'One Image' },
	{ value: 'auto', name: 'Several Images' },
];
const group: ImageGroup = {
	maxTotal: 5,
	limitedBy: 'most',
	enabledBy: { parameter: 'group', value: 'auto' },
};
const most = { ...label('Most'), path: ['params', 'group_options', 'most'], min: 1, max: 9 };
const parameters = {
	group: choice({ ...label('Group'), options }),
	most: integer({ ...most, default: 4 }),
};
const withoutDefault = { ...parameters, most: integer(most) };

/** What is sent, and what is said, for so many input images. */
function fit(
	params: Record<string, unknown>,
	references: number,
	declared: Record<string, Parameter> = parameters,
) {
	const sent = structuredClone(params);
	const { issues, warnings } = fitGroup(group, declared, sent, references);
	return { sent, issues, warnings };
}
const auto = (asked?: number) => ({
	group: 'auto',
	...(asked !== undefined && { group_options: { most: asked } }),
});
const single = (asked: number) => ({ group_options: { most: asked } });

describe('the number of images of a group', () => {
	test.each([
		['is left to the service where its default leaves room', auto(), 1, auto()],
		['is what is left where the default is more', auto(), 2, auto(3)],
		['is not sent where no group is wanted', {}, 2, {}],
		['is what the user asks for, as far as there is room', auto(4), 1, auto(4)],
		['is not told to be too high where the input images are', auto(4), 5, auto(4)],
	])('%s', (_, params, references, sent) => {
		expect(fit(params, references)).toEqual({ sent, issues: [], warnings: [] });
	});

	test('stands by its name where no other place is told', () => {
		const plain = { ...parameters, most: integer({ ...label('Most'), min: 1, default: 4 }) };
		expect(fit(auto(), 2, plain).sent).toEqual({ group: 'auto', most: 3 });
	});

	test('is left to the service where that has no default', () => {
		expect(fit(auto(), 2, withoutDefault).sent).toEqual(auto());
	});

	test.each([
		[
			5,
			1,
			'is too high together with 1 input image. Both together may be at most 5, so use 4 or less.',
		],
		[
			4,
			2,
			'is too high together with 2 input images. Both together may be at most 5, so use 3 or less.',
		],
	])('is refused where it is more than there is room for: %i, %i', (asked, references, message) => {
		expect(fit(auto(asked), references).issues).toEqual([{ label: 'Most', value: asked, message }]);
	});

	test('is told to have no effect where no group is wanted', () => {
		expect(fit(single(2), 1)).toEqual({
			sent: single(2),
			issues: [],
			warnings: ["'Most' has no effect unless 'Group' is 'Several Images': one image is made."],
		});
		const typed = { ...parameters, group: text(label('Group')) };
		expect(fit(single(2), 1, typed).warnings).toEqual([
			"'Most' has no effect unless 'Group' is 'auto': one image is made.",
		]);
	});
});

test('a request returns at most what its group may have, or one image', () => {
	expect(mostImages(undefined, parameters, auto(3))).toBe(1);
	expect(mostImages(group, parameters, single(3))).toBe(1);
	expect(mostImages(group, parameters, auto(3))).toBe(3);
	expect(mostImages(group, parameters, auto())).toBe(4);
	expect(mostImages(group, withoutDefault, auto())).toBe(5);
});
