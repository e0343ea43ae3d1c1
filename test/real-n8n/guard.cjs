// Runs a program for as long as its parent lives: `node guard.cjs <program> [arguments]`.
// The parent holds the other end of stdin. When that end closes, however the parent ended (Ctrl-C,
// crash, SIGKILL), the program is asked to stop and then, with everything it started, killed.
// Start it detached: it must lead a process group of its own.
const { spawn } = require('node:child_process');
const { constants } = require('node:os');

const GRACE_MS = 15_000;

const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });

const stop = () => {
	child.kill('SIGTERM');
	setTimeout(() => process.kill(-process.pid, 'SIGKILL'), GRACE_MS);
};

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.stdin.on('end', stop).on('error', stop).resume();

child.once('error', (error) => {
	console.error(error.message);
	process.exit(127);
});
child.once('exit', (code, signal) => {
	// what the program left behind goes too; this process ignores the signal it sends to the group
	process.removeAllListeners('SIGTERM').on('SIGTERM', () => {});
	process.kill(-process.pid, 'SIGTERM');
	process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
});
