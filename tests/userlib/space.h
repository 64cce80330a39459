/* SPDX-License-Identifier: GPL-2.0-only */
/* User namespaces. */
#ifndef KVS_TEST_SPACE_H
#define KVS_TEST_SPACE_H

/*
 * The calling process goes into a user namespace of its own, as its root, whom
 * the namespace above knows as the user that the process has been. Returns 0 or
 * a negative errno.
 */
int space_enter(void);

#endif /* KVS_TEST_SPACE_H */
