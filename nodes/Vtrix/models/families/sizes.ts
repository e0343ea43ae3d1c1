import { withPortraits, type Preset } from '../../core/definition/size';

/** The 1K sizes that most models document in landscape; portraits follow from them. */
export const SIZES_1K: readonly Preset[] = withPortraits([
	{ ratio: '1:1', width: 1328, height: 1328 },
	{ ratio: '4:3', width: 1472, height: 1104 },
	{ ratio: '3:2', width: 1584, height: 1056 },
	{ ratio: '16:9', width: 1664, height: 936 },
	{ ratio: '21:9', width: 2016, height: 864 },
]);
