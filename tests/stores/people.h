/* SPDX-License-Identifier: GPL-2.0-only */
/* Doing things as somebody else: another user, or root of a namespace. */
#ifndef KVS_TEST_PEOPLE_H
#define KVS_TEST_PEOPLE_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* What somebody else does; 0 if all was as it should be, else where it was not. */
typedef int people_fn(void *arg);

/* For what somebody else does: tells of the first step that went wrong. */
#define CHECK(condition)                                                 \
	do {                                                             \
		if (!(condition)) {                                      \
			printf("# line %d: %s\n", __LINE__, #condition); \
			fflush(stdout);                                  \
			return 1;                                        \
		}                                                        \
	} while (0)

struct person {
	uid_t uid;
	gid_t gid;
	gid_t groups[4];
	size_t group_count;
};

/* Becomes @who, with no capability left; 0 or -errno. */
int people_become(const struct person *who);

/* Runs @fn in a child as @who; what it returned, -1 if it did not end. */
int people_run(const struct person *who, people_fn *fn, void *arg);

/*
 * Moves the caller, who is @who, into a user namespace of its own as its root;
 * 0 or -errno. Only @who's user and group are mapped.
 */
int people_unshare(const struct person *who);

/* Runs @fn in a child that is root of a namespace which @who made. */
int people_run_root_of(const struct person *who, people_fn *fn, void *arg);

/*
 * The same, where users and groups from 0 on, @count of them, are those from
 * @who's on.
 */
int people_run_mapped(const struct person *who, unsigned int count,
		      people_fn *fn, void *arg);

/* Lets everybody open the device, or as before nobody but root. */
int people_admit(int everybody);

#endif /* KVS_TEST_PEOPLE_H */
