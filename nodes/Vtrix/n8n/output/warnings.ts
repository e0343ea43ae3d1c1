import type { IExecuteFunctions } from 'n8n-workflow';
import { formatSome } from '../../core/shared/format';

const LISTED_ITEMS = 5;

/** Warnings of a run, each shown once in the output panel however many items it concerns. */
export class Warnings {
	private readonly items = new Map<string, Set<number>>();

	/** Notes a warning, and the item that it is about. */
	add(text: string, itemIndex?: number): void {
		const concerned = this.items.get(text) ?? new Set<number>();
		if (itemIndex !== undefined) concerned.add(itemIndex);
		this.items.set(text, concerned);
	}

	/** Shows them; which items are concerned is told when there are several. */
	show(context: IExecuteFunctions, itemCount: number): void {
		for (const [text, concerned] of this.items) {
			const inOrder = [...concerned].sort((a, b) => a - b);
			const where =
				concerned.size === 0 || itemCount === 1
					? ''
					: ` (item ${formatSome(inOrder, LISTED_ITEMS)})`;
			context.addExecutionHints({ message: text + where, type: 'warning', location: 'outputPane' });
		}
	}
}
