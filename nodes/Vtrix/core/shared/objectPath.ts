/** An object that is no list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Makes the objects on the way. */
export function setPath(
	target: Record<string, unknown>,
	[key = '', ...rest]: readonly string[],
	value: unknown,
) {
	if (rest.length === 0) {
		target[key] = value;
		return;
	}
	const inner = isRecord(target[key]) ? target[key] : {};
	target[key] = inner;
	setPath(inner, rest, value);
}

/** A copy with a value at a path. */
export function withPath(
	target: Record<string, unknown>,
	[key = '', ...rest]: readonly string[],
	value: unknown,
): Record<string, unknown> {
	const inner = isRecord(target[key]) ? target[key] : {};
	return { ...target, [key]: rest.length === 0 ? value : withPath(inner, rest, value) };
}

/** `undefined` where the way leads through what is no object. */
export const getPath = (target: unknown, path: readonly string[]): unknown =>
	path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), target);
