// SPDX-License-Identifier: GPL-2.0-only
/*
 * What something takes of the machine's memory, whoever it is charged to: see
 * memory.h.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "memory.h"
#include "rest.h"

static void caches_drop(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "3", 1) != 1)
		die("drop_caches: %m");
	close(fd);
}

static double figure(const char *label)
{
	FILE *file = fopen("/proc/meminfo", "re");
	double kib, found = -1;
	char word[64];

	while (file && fscanf(file, "%63s %lf%*[^\n]", word, &kib) == 2)
		if (!strcmp(word, label))
			found = kib;
	if (file)
		fclose(file);
	if (found < 0)
		die("/proc/meminfo: no %s", label);
	return found * 1024;
}

/* What is free and kept at hand for a processor, which MemFree does not count */
static double at_hand(void)
{
	FILE *file = fopen("/proc/zoneinfo", "re");
	double count, pages = 0;
	char line[256];

	if (!file)
		die("/proc/zoneinfo: %m");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " count: %lf", &count) == 1)
			pages += count;
	fclose(file);
	return pages * sysconf(_SC_PAGESIZE);
}

double memory_used(void)
{
	/* What was given back may be on its way. */
	rest_wait();
	caches_drop();
	return figure("MemTotal:") - figure("MemFree:") - at_hand();
}
