// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that nobody points to any more, as far as the kernel can tell.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

#define KMEMLEAK "/sys/kernel/debug/kmemleak"
#define LEAK_MAX_LINES 60

static int leak_command(const char *word)
{
	int fd = open(KMEMLEAK, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, word, strlen(word)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int leak_report(const char *name)
{
	FILE *file = fopen(KMEMLEAK, "re");
	int leaks = 0, lines = 0;
	char line[512];

	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "unreferenced object", 19))
			leaks++;
		if (lines++ < LEAK_MAX_LINES)
			report("said %s %s", name, line);
	}
	fclose(file);
	return leaks;
}

/*
 * The first scan takes a checksum of what it finds unreferenced, the second
 * one believes it if nothing has changed and it is older than five seconds:
 * a pointer in flight, in a register or between two lists, is no leak.
 *
 * Returns the number of leaks on account of NAME, each told once, or -errno.
 */
int leak_scan(const char *name)
{
	const struct timespec age = { .tv_sec = 5, .tv_nsec = 200000000 };
	int ret = leak_command("scan");

	if (ret)
		return ret;
	nanosleep(&age, NULL);
	ret = leak_command("scan");
	if (ret)
		return ret;
	ret = leak_report(name);
	leak_command("clear");
	return ret;
}
