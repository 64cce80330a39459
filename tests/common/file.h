/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KVS_TEST_FILE_H
#define KVS_TEST_FILE_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* @text in one write to a file that is there: 0 or -errno. */
static inline int write_file(const char *path, const char *text)
{
	ssize_t len = strlen(text), n;
	int fd, ret = 0;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = write(fd, text, len);
	if (n != len)
		ret = n < 0 ? -errno : -EIO;
	close(fd);
	return ret;
}

#endif /* KVS_TEST_FILE_H */
