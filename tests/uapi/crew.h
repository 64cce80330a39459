/* SPDX-License-Identifier: GPL-2.0-only */
/* Some threads or processes that begin together. */
#ifndef KVS_TEST_CREW_H
#define KVS_TEST_CREW_H

/* What a member does; 0 if all was as it should be. */
typedef int crew_fn(unsigned int member, void *arg);

/* Both: how many of @members failed. */
int crew_threads(unsigned int members, crew_fn *fn, void *arg);
int crew_processes(unsigned int members, crew_fn *fn, void *arg);

#endif /* KVS_TEST_CREW_H */
