// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running one program: its output goes to the host through pipes, its time is
 * bounded, and nothing that it started survives it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

/* How long killed processes may take to go. */
#define REAP_MS 15000

struct run {
	pid_t pid;
	int pipes[3];
	int signals;
	size_t bytes;
	size_t most;
	bool exited;
	struct outcome *out;
};

static void child_signals_default(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void child_exec(char *const argv[])
{
	execv(argv[0], argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static void child_start(int out, int err, char *const argv[])
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setsid();
	child_signals_default();
	dup2(null, 0);
	dup2(out, 1);
	dup2(err, 2);
	child_exec(argv);
}

/*
 * A limit on the output is one on what both streams say together: they share
 * a pipe then, which also keeps their order.
 */
static void run_start(struct run *run, char *const argv[])
{
	int out[2], err[2] = { -1, -1 };

	if (pipe2(out, O_CLOEXEC) || (!run->most && pipe2(err, O_CLOEXEC)))
		fail("pipe: %m");
	run->pid = fork();
	if (run->pid < 0)
		fail("fork: %m");
	if (!run->pid)
		child_start(out[1], run->most ? out[1] : err[1], argv);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	close(out[1]);
	run->pipes[1] = out[0];
	run->pipes[2] = err[0];
	if (err[0] >= 0) {
		fcntl(err[0], F_SETFL, O_NONBLOCK);
		close(err[1]);
	}
}

/* Hands on what is in a pipe; closes it at its end. */
static void run_pump(struct run *run, int which)
{
	char buf[32768];
	ssize_t n;

	while (run->pipes[which] >= 0) {
		n = read(run->pipes[which], buf, sizeof(buf));
		if (n < 0)
			return;
		if (!n) {
			close(run->pipes[which]);
			run->pipes[which] = -1;
			return;
		}
		run->bytes += n;
		if (run->most && run->bytes > run->most)
			run->out->flooded = true;
		else
			port_output(which, buf, n);
	}
}

/* Collects whoever has ended; true while some child is left. */
static bool run_reap(struct run *run)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != run->pid)
			continue;
		run->exited = true;
		run->out->status = WIFSIGNALED(status) ?
					   128 + WTERMSIG(status) :
					   WEXITSTATUS(status);
	}
	return !pid;
}

static void run_wait_event(struct run *run, long ms)
{
	struct pollfd fds[] = {
		{ .fd = run->pipes[1], .events = POLLIN },
		{ .fd = run->pipes[2], .events = POLLIN },
		{ .fd = run->signals, .events = POLLIN },
		{ .fd = kmsg_fd(), .events = POLLIN },
	};
	struct signalfd_siginfo info;

	if (poll(fds, 4, ms) < 0)
		return;
	/* One byte at least is there; what it says, waitpid says better. */
	if (fds[2].revents && read(run->signals, &info, sizeof(info)) < 0)
		return;
	run_pump(run, 1);
	run_pump(run, 2);
	kmsg_read();
}

/*
 * Whoever outlived the program is init's child now. One that does not die of
 * SIGKILL hangs in the kernel, and the log shall say where.
 */
static void run_clear(struct run *run)
{
	long deadline = now_ms() + REAP_MS;
	int fd;

	kill(-1, SIGKILL);
	while (run_reap(run)) {
		if (now_ms() > deadline) {
			run->out->stuck = true;
			fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);
			if (fd < 0 || write(fd, "w", 1) < 0)
				report("note no list of blocked tasks");
			close(fd);
			return;
		}
		kill(-1, SIGKILL);
		run_wait_event(run, 100);
	}
}

static int signals_open(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		fail("signalfd: %m");
	return fd;
}

static void run_until_exit(struct run *run, int timeout)
{
	long start = now_ms(), left = timeout * 1000L;

	while (!run->exited) {
		run_wait_event(run, timeout ? left : -1);
		run_reap(run);
		left = timeout * 1000L - (now_ms() - start);
		if (timeout && left <= 0 && !run->exited) {
			run->out->timed_out = true;
			break;
		}
	}
}

/*
 * Runs ARGV for at most TIMEOUT seconds (0: without a limit) and hands on at
 * most MOST bytes of its output (0: all of it).
 */
void program_run(char *const argv[], int timeout, size_t most,
		 struct outcome *out)
{
	struct run run = { .out = out, .most = most };
	long start = now_ms();

	memset(out, 0, sizeof(*out));
	run.signals = signals_open();
	run_start(&run, argv);
	run_until_exit(&run, timeout);
	run_pump(&run, 1);
	run_pump(&run, 2);
	out->ms = now_ms() - start;
	run_clear(&run);
	run_pump(&run, 1);
	run_pump(&run, 2);
	if (run.pipes[1] >= 0)
		close(run.pipes[1]);
	if (run.pipes[2] >= 0)
		close(run.pipes[2]);
	close(run.signals);
}

/*
 * Runs ARGV on the virtio console, as a login would: the first terminal that
 * the leader of a session opens becomes the one that controls it.
 */
void program_run_on_tty(char *const argv[], struct outcome *out)
{
	struct run run = { .out = out, .pipes = { -1, -1, -1 } };
	int fd;

	memset(out, 0, sizeof(*out));
	run.signals = signals_open();
	run.pid = fork();
	if (run.pid < 0)
		fail("fork: %m");
	if (!run.pid) {
		setsid();
		child_signals_default();
		fd = open("/dev/hvc0", O_RDWR | O_CLOEXEC);
		if (fd < 0)
			_exit(126);
		dup2(fd, 0);
		dup2(fd, 1);
		dup2(fd, 2);
		child_exec(argv);
	}
	run_until_exit(&run, 0);
	run_clear(&run);
	close(run.signals);
}
