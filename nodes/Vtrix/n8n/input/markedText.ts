import type { IExecuteFunctions } from 'n8n-workflow';
import { partsOf, readField } from './expressions';
import { holdsFile } from './fileObjects';
import { asksForFiles } from './itemFiles';

/** What a mark in a text stands for. */
export interface Marked {
	value: unknown;
	/** Whether nothing but the base64 is meant. */
	isBase64: boolean;
}

/** A text in which marks stand for files. */
interface MarkedText {
	text: unknown;
	marked: Marked[];
	/** Expressions that ask for a file and give nothing. */
	missing: string[];
}

// Characters without a meaning to anyone; JSON text may hold them as they are.
const OPEN = '\ue000';
const CLOSE = '\ue001';
const MARK = new RegExp(`^([^]*)${OPEN}(\\d+)${CLOSE}([^]*)$`);

/** The ID or the content of a file, as n8n's file objects have them. */
const PART_OF_FILE = /\??\.(id|data)\s*\}\}$/;

/**
 * Evaluates an expression that writes JSON, with marks where n8n would write `[object Object]` or a
 * file's ID into the text.
 */
export function markFiles(
	context: IExecuteFunctions,
	itemIndex: number,
	expression: string,
): MarkedText {
	const marked: Marked[] = [];
	const missing: string[] = [];
	const evaluate = (code: string): unknown => {
		const value: unknown = context.evaluateExpression(code, itemIndex);
		return readField(context, itemIndex, `=${code}`, value).value;
	};
	const meaning = (code: string): Marked | undefined => {
		const value = evaluate(code);
		if (holdsFile(value)) return { value, isBase64: false };
		if (!asksForFiles(code)) return undefined;
		const [suffix, part] = PART_OF_FILE.exec(code) ?? [];
		const whole = suffix && evaluate(`${code.slice(0, -suffix.length)} }}`);
		if (holdsFile(whole)) return { value: whole, isBase64: part === 'data' };
		if (value === undefined) missing.push(code);
		return undefined;
	};
	let isInString = false;
	const text = partsOf(expression).map(({ isCode, text: written }) => {
		if (!isCode) {
			const quotes = written.replace(/\\./g, '').split('"').length - 1;
			isInString = isInString !== (quotes % 2 === 1);
			return written;
		}
		const meant = meaning(written);
		if (!meant) return written;
		const mark = `${OPEN}${marked.push(meant) - 1}${CLOSE}`;
		return isInString ? mark : `"${mark}"`;
	});
	return { text: context.evaluateExpression(text.join(''), itemIndex), marked, missing };
}

/** What a mark stands for, with the text before and behind it; `undefined` for a text without. */
export function readMark(
	text: string,
	marked: readonly Marked[],
): (Marked & { before: string; behind: string }) | undefined {
	const [, before = '', index, behind = ''] = MARK.exec(text) ?? [];
	const meant = marked[Number(index)];
	return meant && { ...meant, before, behind };
}
