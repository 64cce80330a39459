// SPDX-License-Identifier: GPL-2.0-only
/*
 * Servers: see peer.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "failure.h"
#include "peer.h"
#include "wire.h"

/* Where the peers are in the guest. On a host BENCH_PEERS says it. */
#define PEERS "/peers"

/* Looks for the socket, and time between two. */
#define LOOKS 6000
#define PAUSE_NS 10000000

#define WORDS_MAX 24

static const char *peers(void)
{
	const char *where = getenv("BENCH_PEERS");

	return where ? where : PEERS;
}

/* Their own linker and libraries: none of the machine's is mixed in. */
static void peer_exec(const char *const argv[])
{
	char linker[PATH_MAX], libraries[PATH_MAX], program[PATH_MAX];
	const char *words[WORDS_MAX] = { linker, "--library-path", libraries,
					 program };
	size_t n = 4;
	size_t i;

	snprintf(linker, sizeof(linker), "%s/ld.so", peers());
	snprintf(libraries, sizeof(libraries), "%s/lib", peers());
	snprintf(program, sizeof(program), "%s/bin/%s", peers(), argv[0]);
	for (i = 1; argv[i] && n < WORDS_MAX - 1; i++)
		words[n++] = argv[i];
	if (argv[i])
		die("%s: too many words", program);
	execv(words[0], (char *const *)words);
	die("%s: %m", program);
}

/* What it says is nobody's concern as long as it runs; complaints are. */
static void peer_run(const char *const argv[])
{
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0)
		die("/dev/null: %m");
	peer_exec(argv);
}

static void peer_pause(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };

	nanosleep(&pause, NULL);
}

pid_t peer_start(const char *const argv[], const char *path, struct wire *wire,
		 size_t room)
{
	unsigned int looks;
	int err = -ETIMEDOUT;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		die("fork: %m");
	if (!pid)
		peer_run(argv);
	for (looks = 0; looks < LOOKS; looks++) {
		err = wire_open(wire, path, room);
		if (!err)
			return pid;
		if (waitpid(pid, NULL, WNOHANG))
			die("%s ended before it answered", argv[0]);
		peer_pause();
	}
	kill(pid, SIGKILL);
	die("%s does not answer: %s", argv[0], strerror(-err));
}

void peer_stop(pid_t pid, const char *path, struct wire *wire)
{
	int status;

	wire_close(wire);
	if (kill(pid, SIGKILL) || waitpid(pid, &status, 0) != pid)
		die("cannot end a server: %m");
	/* One that had ended by itself was not there for all of its requests. */
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		die("the server at %s had ended", path);
	unlink(path);
}
