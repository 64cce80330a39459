// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <time.h>

#include "scribble.h"

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Only what differs is written: the rest cannot be seen to change. */
static void write_state(struct scribble *scribble, const unsigned char *state)
{
	size_t i;

	for (i = 0; i < scribble->len; i++)
		if (scribble->states[0][i] != scribble->states[1][i])
			__atomic_store_n(&scribble->at[i], state[i],
					 __ATOMIC_RELAXED);
}

static void *scribble_run(void *arg)
{
	struct scribble *scribble = arg;

	stay_on(1);
	while (!scribble->stop) {
		write_state(scribble, scribble->states[0]);
		write_state(scribble, scribble->states[1]);
	}
	return NULL;
}

int scribble_start(struct scribble *scribble, void *at, const void *one,
		   const void *other, size_t len)
{
	size_t i;

	scribble->at = at;
	scribble->states[0] = one;
	scribble->states[1] = other;
	scribble->len = len;
	scribble->stop = false;
	for (i = 0; i < len; i++)
		scribble->at[i] = scribble->states[0][i];
	stay_on(0);
	return -pthread_create(&scribble->thread, NULL, scribble_run, scribble);
}

void scribble_stop(struct scribble *scribble)
{
	scribble->stop = true;
	pthread_join(scribble->thread, NULL);
}

bool scribble_goes_on(long *until, long ms)
{
	struct timespec now;
	long now_ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	now_ms = now.tv_sec * 1000 + now.tv_nsec / 1000000;
	if (!*until)
		*until = now_ms + ms;
	return now_ms < *until;
}
