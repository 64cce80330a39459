// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "figures.h"
#include "module.h"

#define MODULE_PATH "/lib/modules/kvs.ko"

int module_load(const char *options)
{
	const char *path = getenv("KVS_MODULE");
	int fd = open(path ? path : MODULE_PATH, O_RDONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, options, 0))
		ret = -errno;
	close(fd);
	return ret;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, "kvs", O_NONBLOCK) ? -errno : 0;
}

int module_unload_patiently(void)
{
	int tries = 100;
	int ret;

	while ((ret = module_unload()) == -EAGAIN && --tries)
		usleep(100000);
	return ret;
}

void module_parameters(char *options, size_t size)
{
	static const char *const names[] = {
		"total_bytes", "user_bytes", "user_entries",
		"user_stores", "max_bytes",  "max_entries",
		"max_value",   "mode",	     "gid",
	};
	char path[64], value[32];
	size_t i, len = 0;

	*options = 0;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "/sys/module/kvs/parameters/%s",
			 names[i]);
		if (figures_read_file(path, value, sizeof(value)) > 0 &&
		    len < size)
			len += snprintf(options + len, size - len, "%s=%s ",
					names[i], strtok(value, "\n"));
	}
}

void module_expect_log(const char *begin)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	char line[256];
	int len;

	/* One write is one line of the log */
	len = snprintf(line, sizeof(line), "kvs-test expects: %s\n", begin);
	if (write(fd, line, len) != len)
		perror("/dev/kmsg");
	close(fd);
}

long module_users(void)
{
	char text[32];

	if (figures_read_file("/sys/module/kvs/refcnt", text, 32) <= 0)
		return -1;
	return atol(text);
}

int module_wait_users(long users, int seconds)
{
	int tries = seconds * 20;

	while (module_users() != users) {
		if (!tries--)
			return -ETIMEDOUT;
		usleep(50000);
	}
	return 0;
}
