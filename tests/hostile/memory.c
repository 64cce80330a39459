// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"

static void write_one(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "1", 1) != 1)
		perror(path);
	close(fd);
}

/* A free object that a CPU keeps at hand counts as one in use. */
static void give_back(const char *cache)
{
	char path[100];

	snprintf(path, sizeof(path), "/sys/kernel/slab/%.31s/shrink", cache);
	write_one(path);
}

static FILE *open_slabinfo(void)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	char line[512];
	int i;

	for (i = 0; file && i < 2; i++)
		if (!fgets(line, sizeof(line), file))
			line[0] = '\0';
	return file;
}

static void read_caches(struct memory *memory, bool shrinking)
{
	struct memory_cache *cache = memory->cache;
	FILE *file = open_slabinfo();
	char line[512];

	memory->caches = 0;
	while (file && memory->caches < MEMORY_CACHES &&
	       fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%31s %ld", cache->name, &cache->objects) != 2)
			continue;
		if (shrinking)
			give_back(cache->name);
		memory->caches++;
		cache++;
	}
	if (file)
		fclose(file);
}

static void read_kb(const char *line, const char *name, long *kb)
{
	size_t len = strlen(name);

	if (!strncmp(line, name, len))
		*kb = atol(line + len);
}

static void read_meminfo(struct memory *memory)
{
	FILE *file = fopen("/proc/meminfo", "re");
	char line[128];

	while (file && fgets(line, sizeof(line), file)) {
		read_kb(line, "MemFree:", &memory->free_kb);
		read_kb(line, "VmallocUsed:", &memory->vmalloc_kb);
		read_kb(line, "Percpu:", &memory->percpu_kb);
	}
	if (file)
		fclose(file);
}

void memory_read(struct memory *memory)
{
	memset(memory, 0, sizeof(*memory));
	write_one("/proc/sys/vm/drop_caches");
	/* What waits for grace periods and workers */
	usleep(300000);
	read_caches(memory, true);
	read_caches(memory, false);
	read_meminfo(memory);
}

static long objects_of(const struct memory *memory, const char *name)
{
	unsigned int i;

	for (i = 0; i < memory->caches; i++)
		if (!strcmp(memory->cache[i].name, name))
			return memory->cache[i].objects;
	return 0;
}

/* What is asked of a sample; NAME is a cache's. */
typedef long memory_value(const struct memory *memory, const char *name);

static long used_pages(const struct memory *memory, const char *name)
{
	(void)name;
	return -memory->free_kb / 4;
}

static long vmalloc_pages(const struct memory *memory, const char *name)
{
	(void)name;
	return memory->vmalloc_kb / 4;
}

static long percpu_pages(const struct memory *memory, const char *name)
{
	(void)name;
	return memory->percpu_kb / 4;
}

/*
 * The least growth from one sample to the next, against one in each cycle; a
 * quarter may have been hidden by what became less meanwhile.
 */
static bool grows(const struct memory *samples, int count, long cycles,
		  memory_value *value, const char *name)
{
	long least = cycles;
	long growth;
	int i;

	for (i = 1; i < count; i++) {
		growth =
			value(&samples[i], name) - value(&samples[i - 1], name);
		if (growth < least)
			least = growth;
	}
	if (least < cycles - cycles / 4)
		return false;
	printf("# %s: one more in each of %ld cycles\n", name, cycles);
	return true;
}

/* Of per-CPU memory a cycle loses less than a page. */
bool memory_grows(const struct memory *samples, int count, long cycles)
{
	const struct memory *last = &samples[count - 1];
	bool bad = false;
	unsigned int i;

	for (i = 0; i < last->caches; i++)
		bad |= grows(samples, count, cycles, objects_of,
			     last->cache[i].name);
	/* The whole machine's: it takes more than one a cycle to stand out. */
	bad |= grows(samples, count, 4 * cycles, used_pages, "pages");
	bad |= grows(samples, count, cycles, vmalloc_pages, "pages of vmalloc");
	bad |= grows(samples, count, cycles / 64 + 1, percpu_pages,
		     "pages for each CPU, in 64 cycles");
	return bad;
}
