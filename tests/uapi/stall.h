/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that is there when somebody says so: whoever touches it before, the
 * kernel on behalf of a request included, waits.
 */
#ifndef KVS_TEST_STALL_H
#define KVS_TEST_STALL_H

#include <stdbool.h>
#include <stddef.h>

struct stall {
	int uffd;
	size_t size;
	char *base; /* what nobody can touch */
	char *shadow; /* what it will hold */
};

/* 0 or -errno. */
int stall_open(struct stall *stall, size_t size);
void stall_close(struct stall *stall);

/* Waits some seconds until @count have come to wait; false if they did not. */
bool stall_wait(struct stall *stall, unsigned int count);

/* Gives the memory what stands in its shadow. */
void stall_end(struct stall *stall);

#endif /* KVS_TEST_STALL_H */
