// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "figures.h"

int figures_read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	while (n > 0 && len < size - 1) {
		n = read(fd, buf + len, size - 1 - len);
		if (n > 0)
			len += n;
	}
	buf[len] = 0;
	close(fd);
	return n < 0 ? -EIO : (int)len;
}

long long figures_sysfs(const char *label)
{
	char path[256], text[64], *end;
	long long value;

	snprintf(path, sizeof(path), "%s/%s", FIGURES_SYSFS, label);
	if (figures_read_file(path, text, sizeof(text)) <= 0)
		return -1;
	value = strtoll(text, &end, 10);
	return end > text && !strcmp(end, "\n") ? value : -1;
}

long long figures_procfs(const char *label)
{
	size_t len = strlen(label);
	char text[4096], *line;

	if (figures_read_file(FIGURES_PROCFS, text, sizeof(text)) <= 0)
		return -1;
	/* The first block is that of the store "default" */
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (!strncmp(line, label, len) && line[len] == ':')
			return atoll(line + len + 1);
	return -1;
}

bool figures_fall_to(const char *label, long long want, int seconds)
{
	int tries;

	for (tries = seconds * 20; tries; tries--) {
		if (figures_sysfs(label) <= want)
			return true;
		usleep(50000);
	}
	return false;
}
