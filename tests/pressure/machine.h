/* SPDX-License-Identifier: GPL-2.0-only */
/* What the machine says of its memory, and a cgroup that has little of it. */
#ifndef KVS_TEST_MACHINE_H
#define KVS_TEST_MACHINE_H

#include <stddef.h>

/* Bytes that a line of /proc/meminfo tells of, or -1. */
long long machine_memory(const char *label);

/* How often somebody was killed for memory; -1: nobody knows. */
long long machine_kills(void);

/*
 * A child that takes @bytes of memory, a page at a time, and then ends; its
 * status as of waitpid(), or -1.
 */
int machine_hog(long long bytes);

/* A cgroup of @limit bytes; 0 or -errno. */
int machine_make_group(long long limit);
int machine_join_group(void);
void machine_remove_group(void);

#endif /* KVS_TEST_MACHINE_H */
