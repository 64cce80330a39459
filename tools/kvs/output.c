// SPDX-License-Identifier: GPL-2.0-only
/*
 * stdout.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "output.h"

/*
 * With stdout closed the next file opened, /dev/kvs, would become stdout. The
 * descriptors given instead fail as closed ones do: stdin cannot be read,
 * the others cannot be written.
 */
void output_init(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (open("/dev/null",
			 fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			exit(STATUS_FAILED);
	}

	/* A pipe without a reader: EPIPE, and a message that says so. */
	signal(SIGPIPE, SIG_IGN);
}

static void failed(int error)
{
	die(STATUS_FAILED, "cannot write to stdout: %s", strerror(error));
}

void output_bytes(const void *bytes, size_t len, bool line)
{
	if (fwrite(bytes, 1, len, stdout) != len)
		failed(errno);
	if (line && isatty(STDOUT_FILENO))
		putchar('\n');
}

void output_flush(void)
{
	if (fflush(stdout) || ferror(stdout))
		failed(errno);
}

void output_finish(void)
{
	if (fflush(stdout) || ferror(stdout) || fclose(stdout))
		failed(errno);
}
