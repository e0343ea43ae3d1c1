/** Entries of several owners: the next place goes round them, whose own entries keep their order. */
export class FairQueue<Entry extends { readonly owner: object }> {
	/** Entries by owner; whoever was served last stands last. */
	private lines = new Map<Entry['owner'], Entry[]>();
	private count = 0;

	get size(): number {
		return this.count;
	}

	owners(): Array<Entry['owner']> {
		return [...this.lines.keys()];
	}

	entries(): Entry[] {
		return [...this.lines.values()].flat();
	}

	/** @param precedes whether another entry of the same owner stays before this one; all by default */
	add(entry: Entry, precedes: (other: Entry) => boolean = () => true): void {
		const line = this.lines.get(entry.owner) ?? [];
		const behind = line.findIndex((other) => !precedes(other));
		line.splice(behind < 0 ? line.length : behind, 0, entry);
		this.lines.set(entry.owner, line);
		this.count += 1;
	}

	take(mayGo: (entry: Entry) => boolean = () => true): Entry | undefined {
		for (const [owner, line] of this.lines) {
			const [first] = line;
			if (!first || !mayGo(first)) continue;
			line.shift();
			this.count -= 1;
			this.lines.delete(owner);
			if (line.length > 0) this.lines.set(owner, line);
			return first;
		}
		return undefined;
	}

	/** Puts back what was taken and could not go after all: its owner keeps its turn. */
	putBack(entry: Entry, precedes: (other: Entry) => boolean): void {
		this.add(entry, precedes);
		const line = this.lines.get(entry.owner) ?? [];
		this.lines = new Map([[entry.owner, line], ...this.lines]);
	}

	remove(isMeant: (entry: Entry) => boolean): Entry[] {
		const removed: Entry[] = [];
		for (const [owner, line] of this.lines) {
			const kept = line.filter((entry) => !isMeant(entry) || !removed.push(entry));
			if (kept.length === line.length) continue;
			if (kept.length > 0) this.lines.set(owner, kept);
			else this.lines.delete(owner);
		}
		this.count -= removed.length;
		return removed;
	}
}
