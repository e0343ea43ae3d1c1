import { KIND_BYTES, isText, MARKUP, readMediaType, SIGNATURES, type FileType } from './mediaKind';

/** What indicates the type of a file beside its bytes. */
export interface FileSource {
	/** The server's `Content-Type`, empty if there is none. */
	contentType: string;
	path: string;
}

const ANYTHING: FileType = { extension: 'bin', mimeType: 'application/octet-stream' };
const TEXT: FileType = { extension: 'txt', mimeType: 'text/plain' };

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
	...[...SIGNATURES, ...MARKUP].map(([, extension, mimeType]) => [mimeType, extension] as const),
	['image/jpeg', 'jpg'],
	['audio/mp3', 'mp3'],
	['audio/ogg', 'ogg'],
	['audio/wave', 'wav'],
	['text/plain', 'txt'],
	['text/markdown', 'md'],
	['application/x-subrip', 'srt'],
	['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
	['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
	['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'],
	['model/gltf+json', 'gltf'],
	['model/vnd.usdz+zip', 'usdz'],
]);

/** Container formats of others, for which the server may know the type more precisely. */
const CONTAINERS = ['application/json', 'application/xml', 'application/zip'];

/** The kind of any file: by its bytes if they show it, else as its server calls it. */
export function identifyFile(bytes: Buffer, source: FileSource): FileType {
	const byBytes = readMediaType(bytes);
	const byServer = typeByServer(source);
	if (byBytes) {
		const isSpecial = /^model\/|^application\/vnd\.|\+(json|xml|zip)$/.test(byServer.mimeType);
		return CONTAINERS.includes(byBytes.mimeType) && isSpecial ? byServer : byBytes;
	}
	if (!isText(bytes.toString('latin1', 0, KIND_BYTES))) return byServer;
	// A server may call a line of text a video.
	const isTextual = !/^(image|video|audio)\/|^application\/octet-stream$/.test(byServer.mimeType);
	return isTextual ? byServer : { ...TEXT, extension: extensionIn(source.path) ?? TEXT.extension };
}

const extensionIn = (path: string): string | undefined =>
	/\.([a-z0-9]{1,5})$/i.exec(path)?.[1]?.toLowerCase();

function typeByServer({ contentType, path }: FileSource): FileType {
	const [type = ''] = contentType.toLowerCase().split(';');
	const given = /^[\w.+-]+\/[\w.+-]+$/.exec(type.trim())?.[0] ?? ANYTHING.mimeType;
	// An HTML page is recognized by its bytes: servers call anything text/html.
	const mimeType = given === 'text/html' ? ANYTHING.mimeType : given;
	// `video/x-foo` is likely a .foo file
	const [, subtype] = /^[a-z]+\/(?:x-)?([a-z0-9]{2,5})$/.exec(mimeType) ?? [];
	const extension = EXTENSIONS.get(mimeType) ?? extensionIn(path) ?? subtype ?? ANYTHING.extension;
	return { extension, mimeType };
}
