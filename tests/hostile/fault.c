// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"

#define DEBUGFS "/sys/kernel/debug/"

/* Of callers, as many as the kernel looks at. */
#define DEPTH 32

struct range {
	unsigned long start;
	unsigned long end;
};

/* Code that is never run: nobody allocates below it. */
static const struct range nowhere = { 1, 1 };
static const struct range anywhere = { 0, ~0UL };
static const struct range nobody;

/*
 * What the kernel's leak detector allocates to remember what others did is not
 * theirs; it has a store of its own for when that fails.
 */
static struct range observers;

static int set(const char *kind, const char *name, unsigned long value)
{
	char path[100], text[32];
	int fd, len, ret = 0;

	snprintf(path, sizeof(path), DEBUGFS "%s/%s", kind, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = snprintf(text, sizeof(text), "%#lx", value);
	if (write(fd, text, len) != len)
		ret = -errno;
	close(fd);
	return ret;
}

/*
 * From the beginning of one function to the end of another. A line of
 * /proc/kallsyms is address, type, name; they are in the order of addresses.
 */
static bool find_code(const char *first, const char *last, struct range *range)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long address, at_last = 0;
	char line[512], *word;

	*range = (struct range){};
	while (file && !range->end && fgets(line, sizeof(line), file)) {
		address = strtoul(line, &word, 16);
		word += strlen(" T ");
		word[strcspn(word, "\t\n")] = '\0';
		if (!strcmp(word, first))
			range->start = address;
		if (!strcmp(word, last))
			at_last = address;
		else if (at_last && address > at_last)
			range->end = address;
	}
	if (file)
		fclose(file);
	return range->start && range->end;
}

static int limit(const char *kind, const struct range *range)
{
	const struct range *except = range == &anywhere ? &nobody : &observers;
	int ret;

	ret = set(kind, "stacktrace-depth", DEPTH);
	if (!ret)
		ret = set(kind, "require-start", range->start);
	if (!ret)
		ret = set(kind, "require-end", range->end);
	if (!ret)
		ret = set(kind, "reject-start", except->start);
	if (!ret)
		ret = set(kind, "reject-end", except->end);
	if (!ret)
		ret = set(kind, "verbose", 0);
	return ret;
}

/* Those that may sleep fail too; those of user memory are not ours. */
static int limit_all(const struct range *range)
{
	int ret;

	find_code("kmemleak_free", "kmemleak_scan_area", &observers);
	limit("fail_usercopy", range == &anywhere ? range : &nowhere);
	limit("fail_futex", range == &anywhere ? range : &nowhere);
	ret = limit("failslab", range);
	if (!ret)
		ret = limit("fail_page_alloc", range);
	if (!ret)
		ret = set("failslab", "ignore-gfp-wait", 0);
	if (!ret)
		ret = set("fail_page_alloc", "ignore-gfp-wait", 0);
	if (!ret)
		ret = set("fail_page_alloc", "ignore-gfp-highmem", 0);
	if (!ret)
		ret = set("fail_page_alloc", "min-order", 0);
	return ret;
}

bool fault_possible(void)
{
	return !access("/proc/self/fail-nth", F_OK) &&
	       !access(DEBUGFS "failslab/require-start", F_OK) &&
	       !access(DEBUGFS "fail_page_alloc/require-start", F_OK);
}

/* A line of /proc/modules: name, size, references, users, state, address. */
static bool find_module(struct range *range)
{
	FILE *file = fopen("/proc/modules", "re");
	bool found = false;
	char line[512];
	unsigned long size;
	char *at;

	while (file && !found && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "kvs ", 4))
			continue;
		size = strtoul(line + 4, NULL, 10);
		at = strstr(line, " 0x");
		range->start = at ? strtoul(at, NULL, 16) : 0;
		range->end = range->start + size;
		found = range->start;
	}
	if (file)
		fclose(file);
	return found;
}

int fault_below_module(void)
{
	struct range range;

	return find_module(&range) ? limit_all(&range) : -ESRCH;
}

int fault_below_initcalls(void)
{
	struct range range;

	if (!find_code("do_one_initcall", "do_one_initcall", &range))
		return -ESRCH;
	return limit_all(&range);
}

int fault_not_below(const char *name)
{
	struct range range;
	int ret;

	if (!find_code(name, name, &range))
		return -ESRCH;
	ret = set("failslab", "reject-start", range.start);
	if (!ret)
		ret = set("failslab", "reject-end", range.end);
	return ret;
}

void fault_anywhere(void)
{
	limit_all(&anywhere);
}

/* What a thread had left to count, while it is given something new. */
static int exchange(const char *tid, unsigned int nth)
{
	char path[300], text[16] = "";
	int fd, len, left = -1;

	snprintf(path, sizeof(path), "/proc/self/task/%s/fail-nth", tid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (pread(fd, text, sizeof(text) - 1, 0) > 0)
		left = atoi(text);
	len = snprintf(text, sizeof(text), "%u", nth);
	if (pwrite(fd, text, len, 0) != len)
		perror(path);
	close(fd);
	return left;
}

/* Whether one of them had nothing left. */
static bool exchange_all(unsigned int nth)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	bool happened = false;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !exchange(entry->d_name, nth))
			happened = true;
	if (dir)
		closedir(dir);
	return happened;
}

void faults_arm(unsigned int nth)
{
	exchange_all(nth);
}

bool faults_happened(void)
{
	return exchange_all(0);
}
