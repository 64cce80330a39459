/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_TMPFS_H
#define BENCH_TMPFS_H

#include "deck.h"

/* Where tmpfs is mounted, in the guest as everywhere. */
#define TMPFS "/dev/shm/"

/*
 * The name that a key has as a file, or as a part of one; @room for KEY_SIZE and
 * a zero.
 */
static inline const char *tmpfs_name(char *room, uint32_t key)
{
	memcpy(room, deck_key(key), KEY_SIZE);
	room[KEY_SIZE] = '\0';
	return room;
}

#endif /* BENCH_TMPFS_H */
