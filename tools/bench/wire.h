/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection to a server on a unix socket: requests are gathered and sent at
 * once, answers are read from one buffer where they lie. Nothing is allocated
 * after wire_open().
 *
 * Functions that can fail return 0 or a negative errno; -EPROTO is an answer
 * that makes no sense, -EPIPE the end of the server.
 */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stddef.h>
#include <string.h>

#include "failure.h"

/**
 * struct wire - a connection
 * @fd: the socket
 * @room: bytes of each of the buffers
 * @out: requests that wait to be sent
 * @out_len: their bytes
 * @in: answers
 * @in_begin: the first byte not looked at yet
 * @in_end: end of what was received
 */
struct wire {
	int fd;
	size_t room;
	char *out;
	size_t out_len;
	char *in;
	size_t in_begin;
	size_t in_end;
};

/*
 * @room: the most that is gathered before wire_send(), and the longest answer
 * with its frame. Since wire_send() does not read, the answers to what was
 * gathered have to fit the buffers of the socket (200 KB).
 */
int wire_open(struct wire *wire, const char *path, size_t room);
void wire_close(struct wire *wire);

/* Sends what was gathered. */
int wire_send(struct wire *wire);

/*
 * The next line without its CR LF, and the next @len bytes with the CR LF behind
 * them, which is passed: where they lie, until the next look.
 */
int wire_line(struct wire *wire, char **line, size_t *len);
int wire_bytes(struct wire *wire, size_t len, char **bytes);

/*
 * Bytes for the next request: the end of what is put there goes to wire_end().
 * What does not fit is a bug of the caller's.
 */
static inline char *wire_begin(const struct wire *wire, size_t most)
{
	if (most > wire->room - wire->out_len)
		die("more requests at a time than was made room for");
	return wire->out + wire->out_len;
}

static inline void wire_end(struct wire *wire, const char *end)
{
	wire->out_len = end - wire->out;
}

static inline char *wire_put(char *to, const void *bytes, size_t len)
{
	memcpy(to, bytes, len);
	return to + len;
}

/* At most 20 digits. */
char *wire_put_number(char *to, size_t number);

/* All of @len bytes are digits, one at least, and no more than 18. */
int wire_number(const char *text, size_t len, size_t *number);

/* The value of an answer into the caller's buffer; -ERANGE if it is too long. */
int wire_value(struct wire *wire, size_t len, void *buf, size_t size);

#endif /* BENCH_WIRE_H */
