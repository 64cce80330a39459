// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections: see wire.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire.h"

static int wire_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd, err;

	if (len >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, len);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int wire_open(struct wire *wire, const char *path, size_t room)
{
	int fd = wire_connect(path);

	if (fd < 0)
		return fd;
	*wire = (struct wire){
		.fd = fd,
		.room = room,
		.out = malloc(room),
		.in = malloc(room),
	};
	if (wire->out && wire->in)
		return 0;
	wire_close(wire);
	return -ENOMEM;
}

void wire_close(struct wire *wire)
{
	close(wire->fd);
	free(wire->out);
	free(wire->in);
}

int wire_send(struct wire *wire)
{
	const char *from = wire->out;
	ssize_t done;

	while (wire->out_len) {
		done = write(wire->fd, from, wire->out_len);
		if (done < 0)
			return -errno;
		from += done;
		wire->out_len -= done;
	}
	return 0;
}

/* What was not looked at moves to the front, and more comes behind it. */
static int wire_receive(struct wire *wire)
{
	size_t rest = wire->in_end - wire->in_begin;
	ssize_t done;

	if (wire->in_begin) {
		memmove(wire->in, wire->in + wire->in_begin, rest);
		wire->in_begin = 0;
		wire->in_end = rest;
	}
	if (rest == wire->room)
		return -EPROTO;
	done = read(wire->fd, wire->in + rest, wire->room - rest);
	if (done < 0)
		return -errno;
	wire->in_end += done;
	return done ? 0 : -EPIPE;
}

int wire_line(struct wire *wire, char **line, size_t *len)
{
	size_t seen = 0;
	char *from, *end;
	int err;

	for (;;) {
		from = wire->in + wire->in_begin;
		end = memchr(from + seen, '\n',
			     wire->in_end - wire->in_begin - seen);
		if (end)
			break;
		seen = wire->in_end - wire->in_begin;
		err = wire_receive(wire);
		if (err)
			return err;
	}
	if (end == from || end[-1] != '\r')
		return -EPROTO;
	*line = from;
	*len = end - 1 - from;
	wire->in_begin += end + 1 - from;
	return 0;
}

int wire_bytes(struct wire *wire, size_t len, char **bytes)
{
	int err;

	while (wire->in_end - wire->in_begin < len + 2) {
		err = wire_receive(wire);
		if (err)
			return err;
	}
	*bytes = wire->in + wire->in_begin;
	if (memcmp(*bytes + len, "\r\n", 2))
		return -EPROTO;
	wire->in_begin += len + 2;
	return 0;
}

char *wire_put_number(char *to, size_t number)
{
	char digits[20];
	char *from = digits + sizeof(digits);

	do {
		*--from = '0' + number % 10;
		number /= 10;
	} while (number);
	return wire_put(to, from, digits + sizeof(digits) - from);
}

int wire_number(const char *text, size_t len, size_t *number)
{
	size_t value = 0;
	size_t i;

	if (!len || len > 18)
		return -EPROTO;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -EPROTO;
		value = value * 10 + (text[i] - '0');
	}
	*number = value;
	return 0;
}

int wire_value(struct wire *wire, size_t len, void *buf, size_t size)
{
	char *bytes;
	int err;

	err = wire_bytes(wire, len, &bytes);
	if (err)
		return err;
	if (len > size)
		return -ERANGE;
	memcpy(buf, bytes, len);
	return 0;
}
