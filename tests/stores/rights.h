/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The matrix of rights: what each request, with each flag that takes another
 * right, and each control command answers to a handle that has some of them.
 */
#ifndef KVS_TEST_RIGHTS_H
#define KVS_TEST_RIGHTS_H

#include <stdbool.h>

#include "door.h"

/*
 * Every request through @door, whose handle has @rights; @owner is one of the
 * same store that may do everything. How many were not done or refused as they
 * should be; each is printed.
 */
int rights_wrong(struct door *door, int owner, __u32 rights);

/* The same on a handle, through a door to it of this kind. */
int rights_wrong_through(enum door_kind kind, unsigned int how, int owner,
			 int fd, __u32 rights);

/*
 * The control commands, of a store that has a staging store. All but DESTROY,
 * which leaves nothing to try with.
 */
int rights_wrong_commands(int fd, __u32 rights);

#endif /* KVS_TEST_RIGHTS_H */
