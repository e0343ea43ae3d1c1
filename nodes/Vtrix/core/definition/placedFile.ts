/** Stands in a request's parameters for a file of the item, whose content is read when it is sent. */
export class PlacedFile {
	/** @param prefix the head of a data URI or nothing; without it, it follows from the file */
	constructor(readonly prefix?: string) {}
}
