// SPDX-License-Identifier: GPL-2.0-only
/*
 * The job: lines of a word and a value that the host put into the initramfs.
 * Carrying it there instead of on the kernel's command line keeps the nonce
 * out of every log, and a command needs no quoting.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

static void job_line(struct job *job, const char *word, char *value)
{
	if (!strcmp(word, "nonce"))
		job->nonce = value;
	else if (!strcmp(word, "mode"))
		job->mode = value;
	else if (!strcmp(word, "module"))
		job->module = value;
	else if (!strcmp(word, "options"))
		job->module_options = value;
	else if (!strcmp(word, "args"))
		job->args = value;
	else if (!strcmp(word, "timeout"))
		job->timeout = atoi(value);
	else if (!strcmp(word, "tty"))
		sscanf(value, "%d %d", &job->rows, &job->columns);
	else if (!strcmp(word, "env"))
		putenv(value);
	else if (!strcmp(word, "driver") && job->nr_drivers < 32)
		job->drivers[job->nr_drivers++] = value;
	else if (!strcmp(word, "test") && job->nr_tests < INIT_MAX_TESTS)
		job->tests[job->nr_tests++] = value;
	else
		fail("job: cannot take '%s %s'", word, value);
}

static char *slurp(const char *path)
{
	size_t size = 0, room = 4096;
	char *text = malloc(room);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0 || !text)
		return NULL;
	while ((n = read(fd, text + size, room - size - 1)) > 0) {
		size += n;
		if (size + 1 == room)
			text = realloc(text, room *= 2);
		if (!text)
			return NULL;
	}
	close(fd);
	text[size] = '\0';
	return text;
}

/*
 * Reads the job and removes it before anything else runs: the nonce proves to
 * the host that a line came from init.
 */
void job_read(struct job *job, const char *path)
{
	char *text = slurp(path), *line, *value;

	if (!text)
		fail("no job at %s", path);
	unlink(path);
	while ((line = strsep(&text, "\n"))) {
		if (!*line)
			continue;
		value = strchr(line, ' ');
		if (!value)
			fail("job: '%s' has no value", line);
		*value++ = '\0';
		if (!strcmp(line, "command"))
			job->command = slurp(value);
		else
			job_line(job, line, value);
	}
}
