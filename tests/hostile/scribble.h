/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second thread, on another CPU, that rewrites memory as fast as it can: now
 * it holds one state, now another one, and whoever copies it may see any byte
 * of either.
 */
#ifndef KVS_TEST_SCRIBBLE_H
#define KVS_TEST_SCRIBBLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct scribble {
	unsigned char *at;
	const unsigned char *states[2];
	size_t len;
	atomic_bool stop;
	pthread_t thread;
};

/* 0 or -errno. From now on the caller stays on the first CPU. */
int scribble_start(struct scribble *scribble, void *at, const void *one,
		   const void *other, size_t len);
void scribble_stop(struct scribble *scribble);

/* Runs until @ms have passed since the first call with a *@until of 0. */
bool scribble_goes_on(long *until, long ms);

#endif /* KVS_TEST_SCRIBBLE_H */
