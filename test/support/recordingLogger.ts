/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { AsyncLocalStorage } from 'node:async_hooks';
import { LoggerProxy, type LogMetadata, type Logger as PlainLogger } from 'n8n-workflow';
import { Container, GlobalConfig, InstanceSettingsConfig, Logger } from './n8nCore';

/** One line as the caller wrote it. */
export interface LogLine {
	level: keyof PlainLogger;
	message: string;
	/** The object itself, not a copy. */
	metadata: LogMetadata;
	/** `logger`: by `this.logger`, as nodes do; `proxy`: by `LoggerProxy`, as n8n's engine does. */
	via: 'logger' | 'proxy';
}

// Each run gets its own lines, also when several runs go on at once.
const lines = new AsyncLocalStorage<LogLine[]>();

function record(
	via: LogLine['via'],
	level: LogLine['level'],
	message: string,
	metadata: LogMetadata = {},
) {
	lines.getStore()?.push({ level, message, metadata, via });
}

/** n8n-core gives nodes the container's `Logger`; this one keeps the lines and prints nothing. */
class RecordingLogger extends Logger {
	error(message: string, metadata?: LogMetadata) {
		record('logger', 'error', message, metadata);
	}

	warn(message: string, metadata?: LogMetadata) {
		record('logger', 'warn', message, metadata);
	}

	info(message: string, metadata?: LogMetadata) {
		record('logger', 'info', message, metadata);
	}

	debug(message: string, metadata?: LogMetadata) {
		record('logger', 'debug', message, metadata);
	}

	scoped() {
		return this;
	}
}

Container.set(
	Logger,
	new RecordingLogger(Container.get(GlobalConfig), Container.get(InstanceSettingsConfig), {
		isRoot: false,
	}),
);
LoggerProxy.init({
	error: (message, metadata) => record('proxy', 'error', message, metadata),
	warn: (message, metadata) => record('proxy', 'warn', message, metadata),
	info: (message, metadata) => record('proxy', 'info', message, metadata),
	debug: (message, metadata) => record('proxy', 'debug', message, metadata),
});

/**
 * Runs `work` and collects what is logged while it lasts, by itself or by anything it started.
 *
 * @returns the work's result and the lines, in the order they were written.
 */
export async function captureLogs<T>(work: () => Promise<T>) {
	const captured: LogLine[] = [];
	const result = await lines.run(captured, work);
	return { result, logs: captured };
}
