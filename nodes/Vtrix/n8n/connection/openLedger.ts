import { createHash } from 'crypto';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod/v3';
import { Ledger } from '../../core/pipeline/ledger';
import { RunLedger } from '../../core/pipeline/runLedger';
import { Spending } from '../../core/pipeline/spending';
import { isRecord } from '../../core/shared/objectPath';
import { OPTIONS } from '../form/options';
import { isTool } from '../output/toolAnswer';
import { executionMemory } from './executionMemory';

const ENTRIES = 'vtrixTasks';
const COSTS = 'vtrixCosts';
const entriesSchema = z.record(z.string(), z.unknown()).catch({});

/** By what n8n keeps for the node in an execution: runs at the same time share one. */
const opened = new WeakMap<object, Spending>();

/** The execution's own record of what is paid for; n8n stores it with the execution's data. */
export function openLedger(context: IExecuteFunctions): { ledger: RunLedger; spending: Spending } {
	const kept = executionMemory(context);
	const spending =
		opened.get(kept) ?? new Spending(new Ledger(entriesSchema.parse(kept[ENTRIES]), kept[COSTS]));
	opened.set(kept, spending);
	const { ledger } = spending;
	kept[ENTRIES] = ledger.stored;
	kept[COSTS] = ledger.costs;
	const items = context.getInputData();
	const fields = digestOf(requestFields(context.getNode().parameters));
	const isToolCall = isTool(context);
	const runLedger = new RunLedger(ledger, {
		runIndex: Number(context.evaluateExpression('{{ $runIndex }}', 0)),
		executionId: String(context.getExecutionId()),
		isToolCall,
		sourceOf: (itemIndex) => digestOf([fields, inputOf(items[itemIndex], isToolCall)]),
	});
	return { ledger: runLedger, spending };
}

/** The saved fields that a request is made of, expressions unevaluated. */
const requestFields = ({ options, ...fields }: Record<string, unknown>): unknown => {
	const others = Object.entries(isRecord(options) ? options : {});
	const sent = Object.fromEntries(others.filter(([name]) => !(name in OPTIONS)));
	return { ...fields, simplify: null, options: sent };
};

/** An item's fields and files, without the number that n8n gives each call of a tool. */
const inputOf = (item: INodeExecutionData | undefined, isToolCall: boolean): unknown => {
	const { toolCallId, ...json } = item?.json ?? {};
	const files = Object.entries(item?.binary ?? {}).map(([name, file]) => [
		name,
		// A Code node may put anything there.
		isRecord(file) ? (file.id ?? file.data) : file,
	]);
	return [isToolCall ? json : { ...json, toolCallId }, files];
};

/** A short digest of a value's JSON, whatever the order of its keys. */
function digestOf(value: unknown): string {
	const ordered = (_: string, inner: unknown): unknown => {
		if (typeof inner === 'bigint') return String(inner);
		if (!isRecord(inner)) return inner;
		return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
	};
	return createHash('sha256')
		.update(JSON.stringify(value, ordered) ?? '')
		.digest('base64url')
		.slice(0, 22);
}
