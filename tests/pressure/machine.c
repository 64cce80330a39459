// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "machine.h"

#define MOUNT "/tmp/kvs-pressure"
#define GROUP MOUNT "/kvs"
#define PAGE 4096

/* The number behind @label in a file of lines "LABEL NUMBER ...", or -1. */
static long long number_behind(const char *path, const char *label)
{
	FILE *file = fopen(path, "re");
	long long number = -1, value;
	char line[256], word[64];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s %lld", word, &value) == 2 &&
		    !strcmp(word, label))
			number = value;
	if (file)
		fclose(file);
	return number;
}

long long machine_memory(const char *label)
{
	long long kb = number_behind("/proc/meminfo", label);

	return kb < 0 ? -1 : kb * 1024;
}

long long machine_kills(void)
{
	return number_behind("/proc/vmstat", "oom_kill");
}

int machine_hog(long long bytes)
{
	int status = -1;
	pid_t pid = fork();
	long long at;
	char *memory;

	if (pid) {
		waitpid(pid, &status, 0);
		return status;
	}
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		_exit(1);
	for (at = 0; at < bytes; at += PAGE)
		memory[at] = 1;
	_exit(0);
}

int machine_make_group(long long limit)
{
	char text[32];

	mkdir(MOUNT, 0700);
	if (mount("kvs", MOUNT, "cgroup2", 0, NULL) && errno != EBUSY)
		return -errno;
	if (write_file(MOUNT "/cgroup.subtree_control", "+memory") ||
	    (mkdir(GROUP, 0700) && errno != EEXIST))
		return -ENODEV;
	snprintf(text, sizeof(text), "%lld", limit);
	return write_file(GROUP "/memory.max", text);
}

int machine_join_group(void)
{
	return write_file(GROUP "/cgroup.procs", "0");
}

void machine_remove_group(void)
{
	int tries;

	for (tries = 100; rmdir(GROUP) && tries; tries--)
		usleep(20000);
	umount(MOUNT);
}
