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

long long figures_sysfs_of(unsigned int number, const char *label)
{
	char path[256], text[64], *end;
	long long value;

	snprintf(path, sizeof(path), FIGURES_STORES "/%u/%s", number, label);
	if (figures_read_file(path, text, sizeof(text)) <= 0)
		return -1;
	value = strtoll(text, &end, 10);
	return end > text && !strcmp(end, "\n") ? value : -1;
}

long long figures_sysfs(const char *label)
{
	return figures_sysfs_of(0, label);
}

/* The value of @label in @line, or NULL. */
static const char *value_of(const char *line, const char *label)
{
	size_t len = strlen(label);

	return strncmp(line, label, len) || strncmp(line + len, ": ", 2) ?
		       NULL :
		       line + len + 2;
}

long long figures_procfs_of(const char *store, const char *label)
{
	static char text[1 << 18];
	const char *value;
	bool here = false;
	char *line;

	if (figures_read_file(FIGURES_PROCFS, text, sizeof(text)) <= 0)
		return -1;
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		value = value_of(line, "store");
		if (value)
			here = !strcmp(value, store);
		value = value_of(line, label);
		if (here && value)
			return atoll(value);
	}
	return -1;
}

long long figures_procfs(const char *label)
{
	return figures_procfs_of("default", label);
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
