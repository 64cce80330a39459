// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much of each sort of kernel memory is in use, before and after.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

#define SLAB_DIR "/sys/kernel/slab"

/*
 * What is freed may stay counted for a while: in KASAN's quarantine, which a
 * cache's shrinking empties, or until a grace period or a worker has come.
 */
static void counters_settle(void)
{
	DIR *dir = opendir(SLAB_DIR);
	struct dirent *entry;
	char path[300];
	int fd;

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), SLAB_DIR "/%s/shrink",
			 entry->d_name);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (write(fd, "1", 1) < 0)
			report("note cannot shrink %s: %m", entry->d_name);
		close(fd);
	}
	if (dir)
		closedir(dir);
}

static void counter_add(struct counters *set, const char *kind,
			const char *name, long value)
{
	struct counter *counter = &set->list[set->nr];

	if (set->nr == INIT_MAX_COUNTERS)
		fail("more than %d counters", INIT_MAX_COUNTERS);
	set->nr++;
	counter->kind = kind;
	counter->value = value;
	snprintf(counter->name, sizeof(counter->name), "%s", name);
}

/*
 * The tools that watch allocations allocate for themselves as they do so, and
 * vmalloc() keeps what describes its areas for the next.
 */
static bool is_watcher(const char *cache)
{
	return !strncmp(cache, "kmemleak_", 9) ||
	       !strcmp(cache, "debug_objects_cache") ||
	       !strcmp(cache, "vmap_area");
}

/* Lines of a file that are a name and a number, each if FILTER is NULL. */
static void counters_from(struct counters *set, const char *kind,
			  const char *path, const char *filter)
{
	FILE *file = fopen(path, "re");
	char line[512], name[64];
	long value;

	if (!file)
		fail("%s: %m", path);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, " %63[^ :] %*[:] %ld", name, &value) != 2 &&
		    sscanf(line, " %63[^ :] %ld", name, &value) != 2)
			continue;
		if (filter ? !strcmp(name, filter) : !is_watcher(name))
			counter_add(set, kind, name, value);
	}
	fclose(file);
}

/* By whom it was allocated, depending on what the compiler made one function */
static bool is_stack(const char *caller)
{
	return !strcmp(caller, "kernel_clone") ||
	       !strcmp(caller, "copy_process") ||
	       !strcmp(caller, "dup_task_struct");
}

/*
 * The pages of all areas but the stacks of tasks: workers come and go, and what
 * they leave is kept for the next. A line is range, size, caller, pages=N.
 */
static void counter_of_areas(struct counters *set)
{
	FILE *file = fopen("/proc/vmallocinfo", "re");
	char line[512], caller[64];
	long pages = 0;
	char *at;

	if (!file)
		fail("/proc/vmallocinfo: %m");
	while (fgets(line, sizeof(line), file)) {
		at = strstr(line, " pages=");
		if (at && sscanf(line, "%*s %*s %63[^+\n ]", caller) == 1 &&
		    !is_stack(caller))
			pages += atol(at + strlen(" pages="));
	}
	fclose(file);
	counter_add(set, "vmalloc", "pages", pages);
}

void counters_read(struct counters *set)
{
	counters_settle();
	set->nr = 0;
	counters_from(set, "slab", "/proc/slabinfo", NULL);
	counter_of_areas(set);
	counters_from(set, "percpu", "/sys/kernel/debug/percpu_stats",
		      "nr_cur_alloc");
}

static long counter_before(const struct counters *before,
			   const struct counter *now)
{
	int i;

	for (i = 0; i < before->nr; i++)
		if (!strcmp(before->list[i].kind, now->kind) &&
		    !strcmp(before->list[i].name, now->name))
			return before->list[i].value;
	return 0;
}

/*
 * The number of counters of a KIND that have grown by LEAST or more; each is
 * told on account of NAME, if there is one.
 */
int counters_grown(const struct counters *before, const struct counters *now,
		   const char *kind, long least, const char *name)
{
	const struct counter *counter;
	int i, grown = 0;
	long was;

	for (i = 0; i < now->nr; i++) {
		counter = &now->list[i];
		was = counter_before(before, counter);
		if (strcmp(counter->kind, kind) || counter->value < was + least)
			continue;
		grown++;
		if (name)
			report("said %s %s: %s was %ld, is %ld", name, kind,
			       counter->name, was, counter->value);
	}
	return grown;
}
