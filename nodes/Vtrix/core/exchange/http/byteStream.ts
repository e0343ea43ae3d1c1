import { Hash } from 'crypto';
import type { ByteStream } from './http';

/**
 * A stream of pieces that are produced on demand. A verified node may not import Node.js' streams; a
 * hash is one, and has inherited `Duplex.from`.
 */
export const toByteStream = (pieces: AsyncIterable<Buffer>): ByteStream => Hash.from(pieces);
