/** Says what is wrong with a value, or nothing. */
export type Check = (value: unknown) => string | undefined;

export const text: Check = (value) =>
	typeof value === 'string' ? undefined : `must be a string, got ${shown(value)}`;

export const toggle: Check = (value) =>
	typeof value === 'boolean' ? undefined : `must be true or false, got ${shown(value)}`;

export function decimal(min: number, max: number): Check {
	return (value) => {
		if (typeof value !== 'number') return `must be a number, got ${shown(value)}`;
		if (value < min || value > max) return `must be ${min} to ${max}, got ${value}`;
		return undefined;
	};
}

export function integer(min: number, max: number, excluded: readonly number[] = []): Check {
	const range = decimal(min, max);
	return (value) => {
		if (typeof value === 'number' && !Number.isSafeInteger(value)) {
			return `must be a whole number, got ${value}`;
		}
		if (excluded.some((number) => number === value)) return `must not be ${shown(value)}`;
		return range(value);
	};
}

/** Text of at most so many code points. */
export function atMostCharacters(max: number): Check {
	return (value) => {
		if (typeof value !== 'string') return text(value);
		const { length } = [...value];
		return length <= max ? undefined : `must have at most ${max} characters, got ${length}`;
	};
}

export function listOf(check: Check): Check {
	return (value) => {
		if (!Array.isArray(value)) return 'must be an array';
		for (const [index, entry] of value.entries()) {
			const why = check(entry);
			if (why !== undefined) return `[${index}] ${why}`;
		}
		return undefined;
	};
}

export function oneOf(...allowed: string[]): Check {
	return (value) =>
		typeof value === 'string' && allowed.includes(value)
			? undefined
			: `must be one of ${allowed.join(', ')}, got ${shown(value)}`;
}

/** An object with no other keys than these, each of them optional. */
export function objectOf(fields: Record<string, Check>): Check {
	return (value) => {
		if (!isRecord(value)) return `must be an object, got ${shown(value)}`;
		for (const [name, entry] of Object.entries(value)) {
			const check = fields[name];
			if (!Object.hasOwn(fields, name) || check === undefined) return `has no field "${name}"`;
			const why = check(entry);
			if (why !== undefined) return `.${name} ${why}`;
		}
		return undefined;
	};
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
	const json = JSON.stringify(value) ?? String(value);
	return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
