import type { FaultKind } from '../../standin';
import type { Row } from '../faultMatrix';
import { CREATE_ROWS } from './create';
import { DOWNLOAD_ROWS } from './download';
import { POLL_ROWS } from './poll';

/** Everything that can go wrong, by the request that it happens to. */
export const FAULTS: ReadonlyArray<{ what: string; on: FaultKind; rows: Row[] }> = [
	{ what: 'a creation that', on: 'create', rows: CREATE_ROWS },
	{ what: 'a poll', on: 'poll', rows: POLL_ROWS },
	{ what: 'a download', on: 'download', rows: DOWNLOAD_ROWS },
];
