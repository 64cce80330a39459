// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crew.h"

#define CREW_MAX 16

struct crew {
	pthread_barrier_t start;
	crew_fn *fn;
	void *arg;
};

struct member {
	struct crew *crew;
	unsigned int index;
	int error;
	pthread_t thread;
};

static void *run_member(void *data)
{
	struct member *member = data;
	struct crew *crew = member->crew;

	pthread_barrier_wait(&crew->start);
	member->error = crew->fn(member->index, crew->arg);
	return NULL;
}

int crew_threads(unsigned int members, crew_fn *fn, void *arg)
{
	struct crew crew = { .fn = fn, .arg = arg };
	struct member member[CREW_MAX];
	unsigned int i;
	int failed = 0;

	if (members > CREW_MAX ||
	    pthread_barrier_init(&crew.start, NULL, members))
		abort();
	for (i = 0; i < members; i++) {
		member[i] = (struct member){ .crew = &crew, .index = i };
		/* Without one of them the others would wait for ever */
		if (pthread_create(&member[i].thread, NULL, run_member,
				   &member[i]))
			abort();
	}
	for (i = 0; i < members; i++) {
		pthread_join(member[i].thread, NULL);
		failed += !!member[i].error;
	}
	pthread_barrier_destroy(&crew.start);
	return failed;
}

/* The pipe is the starting line: it ends for all of them at once. */
static void child(int line[2], unsigned int index, crew_fn *fn, void *arg)
{
	char byte;

	close(line[1]);
	while (read(line[0], &byte, 1) < 0 && errno == EINTR)
		;
	_exit(!!fn(index, arg));
}

int crew_processes(unsigned int members, crew_fn *fn, void *arg)
{
	pid_t pids[CREW_MAX];
	int line[2], status, failed = 0;
	unsigned int i;

	if (members > CREW_MAX || pipe(line))
		abort();
	for (i = 0; i < members; i++) {
		pids[i] = fork();
		if (!pids[i])
			child(line, i, fn, arg);
	}
	close(line[0]);
	close(line[1]);
	for (i = 0; i < members; i++) {
		if (pids[i] < 0 || waitpid(pids[i], &status, 0) != pids[i] ||
		    status)
			failed++;
	}
	return failed;
}
