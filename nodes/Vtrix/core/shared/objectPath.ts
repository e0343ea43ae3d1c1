/** Whether a value is an object with keys. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sets a value at a path, making the objects on the way. */
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

/** A copy with a value at a path; what is shared with others stays as it is. */
export function withPath(
	target: Record<string, unknown>,
	[key = '', ...rest]: readonly string[],
	value: unknown,
): Record<string, unknown> {
	const inner = isRecord(target[key]) ? target[key] : {};
	return { ...target, [key]: rest.length === 0 ? value : withPath(inner, rest, value) };
}

/** The value at a path; `undefined` where the path ends early. */
export const getPath = (target: unknown, path: readonly string[]): unknown =>
	path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), target);
