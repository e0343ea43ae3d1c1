/**
 * A file that an item brings, as the request needs it: nobody holds its content, which is read from
 * its store each time that it is wanted.
 */
export interface InputFile {
	/** Name of the field that holds it, for messages. */
	binaryPropertyName: string;
	/** Size of the file in bytes. */
	bytes: number;
	/** By the file's first bytes: `image/png`. */
	mimeType: string;
	/** The content from its first byte on, in pieces of any size; a new reading at each call. */
	read(): AsyncIterable<Buffer>;
}
