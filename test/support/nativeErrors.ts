/**
 * Mends one difference between jest and n8n: jest runs test files in a realm of its own, so errors
 * made by Node itself (a refused connection, an abort, an invalid URL) fail `instanceof Error`
 * there, though they pass in n8n. Importing this file makes them pass; classes that extend `Error`
 * keep their own test.
 */

const outerError: unknown = Object.getPrototypeOf(DOMException.prototype).constructor;

function outerTypeError(): unknown {
	try {
		return new URL('relative');
	} catch (error) {
		return Object.getPrototypeOf(error).constructor;
	}
}

type ErrorClass = ErrorConstructor | TypeErrorConstructor;

const ordinaryTest = Function.prototype[Symbol.hasInstance];

function alsoAccept(ours: ErrorClass, theirs: unknown) {
	if (typeof theirs !== 'function' || theirs === ours) return;
	Object.defineProperty(ours, Symbol.hasInstance, {
		configurable: true,
		value(this: unknown, value: unknown) {
			if (ordinaryTest.call(this, value)) return true;
			return this === ours && ordinaryTest.call(theirs, value);
		},
	});
}

alsoAccept(Error, outerError);
alsoAccept(TypeError, outerTypeError());
