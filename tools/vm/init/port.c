// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way out: virtio-serial ports that end in files of the host. The console
 * is for a human to read after a failure, nothing is concluded from it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

#define PORTS_DIR "/sys/class/virtio-ports"

static const char *const port_names[] = { "kvs.result", "kvs.out", "kvs.err" };

/* Indexed by file descriptor number: 1 and 2 are a program's own. */
static int port_fds[3] = { -1, -1, -1 };
static size_t port_bytes;
static const char *report_nonce;

static bool port_has_name(const char *port, const char *name)
{
	char path[300], text[64] = "";
	int fd;

	snprintf(path, sizeof(path), PORTS_DIR "/%s/name", port);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	text[strcspn(text, "\n")] = '\0';
	return !strcmp(text, name);
}

static int port_open(const char *name)
{
	DIR *dir = opendir(PORTS_DIR);
	struct dirent *entry;
	char path[300];
	int fd = -1;

	if (!dir)
		return -1;
	while (fd < 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' ||
		    !port_has_name(entry->d_name, name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_WRONLY | O_CLOEXEC);
	}
	closedir(dir);
	return fd;
}

/*
 * The driver announces ports some time after it is loaded. A port takes one
 * opener: while init holds them, no program can write there.
 */
void ports_open(const char *nonce)
{
	long deadline = now_ms() + 20000;
	size_t i;

	report_nonce = nonce;
	for (i = 0; i < 3; i++) {
		while ((port_fds[i] = port_open(port_names[i])) < 0) {
			if (now_ms() > deadline)
				fail("no port %s", port_names[i]);
			usleep(5000);
		}
	}
}

static void port_write(int fd, const char *buf, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, buf, len);
		if (n <= 0)
			fail("port: write failed: %m");
		buf += n;
		len -= n;
	}
}

/* What a program wrote to its descriptor 1 or 2. */
void port_output(int which, const char *buf, size_t len)
{
	port_write(port_fds[which], buf, len);
	if (which == 1)
		port_bytes += len;
}

/* How much output the host has got: where the next program's begins. */
size_t port_written(void)
{
	return port_bytes;
}

/* One line to the host, led by the nonce. */
void report(const char *format, ...)
{
	char line[1024];
	va_list args;
	int len;

	len = snprintf(line, sizeof(line), "%s ", report_nonce);
	va_start(args, format);
	len += vsnprintf(line + len, sizeof(line) - len - 1, format, args);
	va_end(args);
	if (len > (int)sizeof(line) - 2)
		len = sizeof(line) - 2;
	line[len++] = '\n';
	port_write(port_fds[0], line, len);
}
