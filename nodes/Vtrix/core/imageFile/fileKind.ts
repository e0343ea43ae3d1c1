import { readKind } from './imageHeader';
import { readKindName } from './mediaKind';

/** What a file is that is no picture, in words. */
export interface FileKind {
	/** With its article: `a PDF document`. */
	name: string;
	/** What makes a picture of it, where something does: a sentence. */
	advice?: string;
}

const ENCODED_BYTES = 1000;
const TO_FILE = "the Convert to File node, Operation 'Move Base64 String to File'";
const WITHOUT_HEAD =
	"Cut 'data:…;base64,' off the text before the Convert to File node decodes it.";

/** What a file is that is none of the known pictures; `undefined` if unknown. */
export function fileKind(bytes: Buffer): FileKind | undefined {
	const head = bytes.toString('latin1', 0, ENCODED_BYTES);
	const encoded = encodedPicture(head.replace(/^(\xef\xbb\xbf)?[\s"']*/, ''));
	if (encoded) return encoded;
	// Decoders of base64 pass over the colon, the semicolon and the comma of a data URI's head.
	if (/^data([a-z]+\/[a-z\d]|base64)/.test(bytes.toString('base64', 0, 24))) {
		return { name: 'a data URI that was decoded together with its head', advice: WITHOUT_HEAD };
	}
	const name = readKindName(bytes);
	return name === undefined ? undefined : { name };
}

/** A picture as text: base64, a data URI, or base64 of one of the two. */
function encodedPicture(text: string): FileKind | undefined {
	if (/^data:[^,]{0,200};base64,/i.test(text)) {
		return {
			name: 'the text of a data URI, not a picture',
			advice: `Cut 'data:…;base64,' off and decode the rest with ${TO_FILE}.`,
		};
	}
	const once = decoded(text);
	if (!once) return undefined;
	if (readKind(once)) {
		return { name: 'base64 text, not a picture', advice: `Decode it with ${TO_FILE}.` };
	}
	return encodedPicture(once.toString('latin1'))
		? {
				name: 'base64 text of encoded text: the picture was encoded twice',
				advice: `Encode it once only, or decode it twice with ${TO_FILE}.`,
			}
		: undefined;
}

function decoded(text: string): Buffer | undefined {
	const compact = text.replace(/\s/g, '');
	return /^[\w+/-]{16,}={0,2}["']?$/.test(compact) ? Buffer.from(compact, 'base64') : undefined;
}
