import type { FaultBook } from '../faults/faultBook';
import type { Settings } from '../options';
import type { Playback } from '../playback/playback';
import type { TaskAnswers } from '../tasks/taskAnswers';
import type { TaskPictures } from '../tasks/taskPictures';
import type { TaskStore } from '../tasks/taskStore';
import type { Records } from './records';
import type { ServiceLimits } from './serviceLimits';

/** Everything the servers of one stand-in share. */
export interface World {
	settings: Settings;
	records: Records;
	faults: FaultBook;
	limits: ServiceLimits;
	tasks: TaskStore;
	pictures: TaskPictures;
	answers: TaskAnswers;
	/** Set when a recording is played. */
	playback?: Playback;
	/** Origins of the servers, known once they listen. */
	origins: { gateway: string; cdn: string; mirror: string; spec: string };
}
