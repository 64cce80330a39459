// SPDX-License-Identifier: GPL-2.0-only
/*
 * A table that grows: see growth.h.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failure.h"
#include "growth.h"
#include "median.h"
#include "processor.h"
#include "run.h"
#include "shapes.h"
#include "spread.h"
#include "store.h"
#include "tail.h"

#define QUIET_ROW "get_ioctl_quiet_p999"
#define GROWING_ROW "get_ioctl_growing_p999"
#define TURNS 5
#define GROWN 1000000
#define PART 0.999
/* As many as the reader makes while the table grows, about */
#define QUIET_SAMPLES 500000
#define CHUNK 1000

bool growth_wanted(void)
{
	return name_wanted(QUIET_ROW) || name_wanted(GROWING_ROW);
}

/* Keys that are nobody else's */
static void grow_batch(uint32_t from)
{
	char text[KEY_SIZE + 1];
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		snprintf(text, sizeof(text), "new:%012u", from + i);
		memcpy(store.reqs[i].key, text, KEY_SIZE);
	}
	if (store_batch())
		die("grow: %m");
	for (i = 0; i < BATCH; i++)
		must(store.results[i].status, "grow");
}

static void grow(void)
{
	uint32_t from;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	processor_keep(0);
	store_prepare(KVS_PUT, KVS_F_CREATE);
	for (from = deck.shape->entries; from < GROWN; from += BATCH)
		grow_batch(from);
	_exit(0);
}

static double quiet(const struct row *row)
{
	struct spread spread = { 0 };

	while (spread.count < QUIET_SAMPLES)
		tail_sample(row, CHUNK, &spread);
	return spread_at(&spread, PART);
}

static double growing(const struct row *row)
{
	struct spread spread = { 0 };
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		die("fork: %m");
	if (!pid)
		grow();
	while (!waitpid(pid, &status, WNOHANG))
		tail_sample(row, CHUNK, &spread);
	if (status)
		die("the table did not grow");
	return spread_at(&spread, PART);
}

void growth_print(void)
{
	const struct row *row = kvs_subject.rows;
	double before[TURNS], while_growing[TURNS];
	unsigned int turn;

	processor_keep(1);
	for (turn = 0; turn < TURNS; turn++) {
		kvs_subject.open();
		before[turn] = quiet(row);
		while_growing[turn] = growing(row);
		kvs_subject.close();
	}
	run_print(QUIET_ROW, median(before, TURNS), "ns");
	run_print(GROWING_ROW, median(while_growing, TURNS), "ns");
}
