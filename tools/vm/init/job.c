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
#include <sys/stat.h>
#include <unistd.h>

#include "init.h"

static void job_test(struct job *job, char *path, bool single)
{
	if (job->nr_tests == INIT_MAX_TESTS)
		fail("job: more than %d programs", INIT_MAX_TESTS);
	job->tests[job->nr_tests++] = (struct test){ path, single };
}

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
	else if (!strcmp(word, "cycles"))
		job->cycles = atoi(value);
	else if (!strcmp(word, "leaks"))
		job->leaks = !strcmp(value, "yes");
	else if (!strcmp(word, "tty"))
		sscanf(value, "%d %d", &job->rows, &job->columns);
	else if (!strcmp(word, "env"))
		putenv(value);
	else if (!strcmp(word, "driver") && job->nr_drivers < 32)
		job->drivers[job->nr_drivers++] = value;
	else if (!strcmp(word, "test"))
		job_test(job, value, false);
	else if (!strcmp(word, "single"))
		job_test(job, value, true);
	else
		fail("job: cannot take '%s %s'", word, value);
}

/* Ends the guest if it cannot: there is no job without its files. */
static char *slurp(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;

	if (fd < 0 || fstat(fd, &st))
		fail("%s: %m", path);
	text = malloc(st.st_size + 1);
	if (!text)
		fail("%s: no memory", path);
	if (read(fd, text, st.st_size) != st.st_size)
		fail("%s: cannot read it in one go", path);
	close(fd);
	text[st.st_size] = '\0';
	return text;
}

/*
 * Reads the job and removes it before anything else runs: the nonce proves to
 * the host that a line came from init.
 */
void job_read(struct job *job, const char *path)
{
	char *rest = slurp(path), *line, *value;

	job->text = rest;
	unlink(path);
	while ((line = strsep(&rest, "\n"))) {
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
