/** An input file of an item. Its content is never held, but read each time that it is needed. */
export interface InputFile {
	/** Name of the field that holds it, for messages. */
	binaryPropertyName: string;
	bytes: number;
	/** By the file's first bytes: `image/png`. */
	mimeType: string;
	/** The content from its first byte on, in pieces of any size; a new reading at each call. */
	read(): AsyncIterable<Buffer>;
}
