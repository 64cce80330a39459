// SPDX-License-Identifier: GPL-2.0-only
/*
 * One process and two: see scaling.h.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "failure.h"
#include "measure.h"
#include "median.h"
#include "meter.h"
#include "processor.h"
#include "run.h"
#include "scaling.h"
#include "shapes.h"

#define WORKERS 2
#define ROUNDS 25
#define ROUND_NS 20000000
/* Until all have been told */
#define DELAY_NS 2000000
#define CHUNK 64

/**
 * struct order - what a worker is told
 * @row: which row to do, of those below
 * @begin: when
 * @end: until when
 */
struct order {
	size_t row;
	uint64_t begin;
	uint64_t end;
};

/**
 * struct worker - a process of its own processor
 * @orders: where it is told what to do
 * @answers: where it says how many calls it made
 */
struct worker {
	int orders;
	int answers;
};

static const struct {
	const struct subject *subject;
	const char *row;
} wanted[] = {
	{ &limits_subject, "getppid" },	    { &kvs_subject, "get_ioctl" },
	{ &kvs_subject, "put_ioctl" },	    { &bpf_subject, "bpf_lookup" },
	{ &bpf_subject, "bpf_update" },	    { &tmpfs_subject, "tmpfs_pread" },
	{ &shm_subject, "shm_rwlock_get" }, { &shm_subject, "shm_mutex_get" },
};

#define ROWS (sizeof(wanted) / sizeof(wanted[0]))

static const struct row *rows[ROWS];
static struct worker workers[WORKERS];
static double speeds[WORKERS][ROWS][ROUNDS];

static const char *const forms[] = { "%s_scaling", "%s_1cpu", "%s_2cpu" };

static void form(char *name, unsigned int which, size_t row)
{
	snprintf(name, NAME_SIZE, forms[which], wanted[row].row);
}

bool scaling_wanted(void)
{
	char name[NAME_SIZE];
	size_t i;

	for (i = 0; i < 3 * ROWS; i++) {
		form(name, i % 3, i / 3);
		if (name_wanted(name))
			return true;
	}
	return false;
}

static const struct row *row_of(const struct subject *subject, const char *name)
{
	const struct row *row;

	for (row = subject->rows; row->name; row++)
		if (!strcmp(row->name, name))
			return row;
	die("no row %s", name);
}

static void rows_open(void)
{
	size_t i;

	for (i = 0; i < ROWS; i++) {
		if (!i || wanted[i].subject != wanted[i - 1].subject)
			wanted[i].subject->open();
		rows[i] = row_of(wanted[i].subject, wanted[i].row);
	}
}

static void rows_prepare(void)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (rows[i]->prepare)
			rows[i]->prepare();
}

static void rows_close(void)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (wanted[i].subject->close &&
		    (!i || wanted[i].subject != wanted[i - 1].subject))
			wanted[i].subject->close();
}

/* Each has keys of its own to draw. */
static void share_keys(unsigned int which)
{
	uint32_t *draws = deck.draws[DRAW_UNIFORM];
	unsigned int i;

	for (i = 0; i < DRAWS; i++)
		draws[i] = draws[i] / WORKERS * WORKERS + which;
}

static uint64_t work(const struct order *order)
{
	const struct row *row = rows[order->row];
	const uint32_t *keys = deck.draws[DRAW_UNIFORM];
	uint64_t calls = 0;
	unsigned int i;

	while (meter_read() < order->begin)
		;
	while (meter_read() < order->end) {
		for (i = 0; i < CHUNK; i++)
			measure_call(row, &keys[(calls + i) % DRAWS]);
		calls += CHUNK;
	}
	return calls;
}

static void worker_run(const struct worker *worker, unsigned int which)
{
	struct order order;
	uint64_t calls;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	processor_keep(which);
	share_keys(which);
	rows_prepare();
	while (read(worker->orders, &order, sizeof(order)) == sizeof(order)) {
		calls = work(&order);
		if (write(worker->answers, &calls, sizeof(calls)) < 0)
			die("a worker cannot answer: %m");
	}
	_exit(0);
}

static void worker_start(unsigned int which)
{
	int orders[2], answers[2];
	struct worker worker;
	pid_t pid;

	if (pipe(orders) || pipe(answers))
		die("pipe: %m");
	worker = (struct worker){ orders[0], answers[1] };
	pid = fork();
	if (pid < 0)
		die("fork: %m");
	if (!pid)
		worker_run(&worker, which);
	close(orders[0]);
	close(answers[1]);
	workers[which] = (struct worker){ orders[1], answers[0] };
}

/* Operations of a second, of the first so many workers. */
static double speed(size_t row, unsigned int count)
{
	uint64_t now = meter_read();
	const struct order order = {
		.row = row,
		.begin = now + DELAY_NS,
		.end = now + DELAY_NS + ROUND_NS,
	};
	uint64_t calls, sum = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		if (write(workers[i].orders, &order, sizeof(order)) < 0)
			die("a worker cannot be told: %m");
	for (i = 0; i < count; i++) {
		if (read(workers[i].answers, &calls, sizeof(calls)) !=
		    sizeof(calls))
			die("a worker has failed");
		sum += calls;
	}
	return sum * 1e9 / ROUND_NS;
}

static void print(size_t row)
{
	double ratios[ROUNDS];
	char name[NAME_SIZE];
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		ratios[i] = speeds[1][row][i] / speeds[0][row][i];
	form(name, 0, row);
	run_print(name, median(ratios, ROUNDS), "times");
	for (i = 0; i < WORKERS; i++) {
		form(name, i + 1, row);
		run_print(name, median(speeds[i][row], ROUNDS), "ops/s");
	}
}

void scaling_print(void)
{
	unsigned int round, count;
	size_t row;

	rows_open();
	for (count = 0; count < WORKERS; count++)
		worker_start(count);
	for (round = 0; round < ROUNDS; round++)
		for (row = 0; row < ROWS; row++)
			for (count = 1; count <= WORKERS; count++)
				speeds[count - 1][row][round] =
					speed(row, count);
	for (row = 0; row < ROWS; row++)
		print(row);
	rows_close();
}
