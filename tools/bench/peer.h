/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A server that runs as our child, from what tools/bench/peers has unpacked, for
 * as long as something is measured.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <sys/types.h>

struct wire;

/*
 * Starts @argv, whose first word is a program of the peers and whose last is
 * NULL, and connects to the socket at @path, that it makes: returns when it
 * answers. Ends the program where it does not.
 */
pid_t peer_start(const char *const argv[], const char *path, struct wire *wire,
		 size_t room);

/* Ends the server and the connection. */
void peer_stop(pid_t pid, const char *path, struct wire *wire);

#endif /* BENCH_PEER_H */
