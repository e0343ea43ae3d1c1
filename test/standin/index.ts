export { startStandIn } from './standIn';
export type { StandIn } from './standIn';
export { connectStandIn } from './control/connectStandIn';
export type { RemoteStandIn } from './control/connectStandIn';
export type { StandInInfo } from './control/protocol';
export type { Latency, Limits, RunningOptions, StandInOptions } from './options';
export type { Conditions, FaultInfo } from './faults/ruleList';
export type {
	AnswerFault,
	DownloadFault,
	Fault,
	FaultConditions,
	FaultKind,
	FaultMatch,
	TaskFault,
} from './faults/schemas';
export { COUNTINGS, RateLimit } from './server/rateLimit';
export type { Counting } from './server/rateLimit';
export type { RequestRecord, StandInStats } from './server/records';
export type { ImageRecord, TaskRecord } from './tasks/task';
