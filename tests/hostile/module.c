// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "module.h"

/* Where the guest's init took it from. */
#define MODULE_FILE "/lib/modules/kvs.ko"
#define MODULE_DIR "/sys/module/kvs"

/* A closed ring puts its files from a worker, after a grace period. */
#define UNLOAD_TRIES 10000

int module_load(const char *params)
{
	int fd = open(MODULE_FILE, O_RDONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, params, 0))
		ret = -errno;
	close(fd);
	return ret;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, "kvs", O_NONBLOCK) ? -errno : 0;
}

int module_unload_soon(void)
{
	int tries, ret = -EAGAIN;

	for (tries = 0; tries < UNLOAD_TRIES && ret == -EAGAIN; tries++) {
		ret = module_unload();
		if (ret)
			usleep(1000);
	}
	return ret;
}

bool module_is_loaded(void)
{
	return !access(MODULE_DIR "/refcnt", F_OK);
}

static bool read_line(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return false;
	len = read(fd, line, size - 1);
	close(fd);
	if (len < 0)
		return false;
	line[len] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return true;
}

long module_refs(void)
{
	char line[32];

	if (!read_line(MODULE_DIR "/refcnt", line, sizeof(line)))
		return -1;
	return atol(line);
}

void module_params(char *buf, size_t size)
{
	static const char *const names[] = { "max_bytes", "max_entries",
					     "max_value", "mode", "gid" };
	char path[80], line[32];
	size_t i, len = 0;

	buf[0] = '\0';
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), MODULE_DIR "/parameters/%s",
			 names[i]);
		if (read_line(path, line, sizeof(line)) && len < size)
			len += snprintf(buf + len, size - len, "%s=%s ",
					names[i], line);
	}
}

const char *module_remains(void)
{
	static const char *const paths[] = { "/dev/kvs", "/proc/kvs",
					     "/sys/class/misc/kvs",
					     "/sys/devices/virtual/misc/kvs",
					     MODULE_DIR };
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!access(paths[i], F_OK))
			return paths[i];
	return NULL;
}

/* One write is one line of the log. */
static void announce(const char *what, const char *begin)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	char text[256];
	int len;

	len = snprintf(text, sizeof(text), "kvs-test %s: %s\n", what, begin);
	if (write(fd, text, len) != len)
		perror("/dev/kmsg");
	close(fd);
}

void module_expect_log(const char *begin)
{
	announce("expects", begin);
}

void module_allow_log(const char *begin)
{
	announce("allows", begin);
}
