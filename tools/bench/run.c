// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each subject is made anew, by a process of its own, for each shape: what it
 * took is given back by its end, and what goes wrong costs no other rows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failure.h"
#include "growth.h"
#include "measure.h"
#include "memory.h"
#include "meter.h"
#include "processor.h"
#include "rest.h"
#include "run.h"
#include "scaling.h"
#include "shapes.h"
#include "tail.h"

static struct plan plan;

void run_print(const char *name, double value, const char *unit)
{
	printf("%s\t%.*f\t%s\n", name, value < 100 ? 2 : 0, value, unit);
	fflush(stdout);
}

static void run_row(const struct row *row, const char *name)
{
	const char *unit = meter_unit();
	double value;

	if (row->prepare)
		row->prepare();
	if (plan.forever)
		measure_forever(row);
	value = measure(row);
	if (!strcmp(unit, "insn") && value < row->least)
		die("%s: %.0f is less than its system calls must cost", name,
		    value);
	run_print(name, value, unit);
	if (plan.processors && row->tail && deck.shape->bit == SHAPE_PLAIN)
		tail_print(row);
}

static void run_rows(const struct subject *subject, const struct shape *shape)
{
	const struct row *row;
	char name[NAME_SIZE];

	for (row = subject->rows; row->name; row++) {
		if (!row_wanted(row, shape))
			continue;
		row_name(name, row->name, shape);
		if (plan.list)
			puts(name);
		else
			run_row(row, name);
	}
}

static void run_version(const struct subject *subject)
{
	char text[64];

	if (!subject->version)
		return;
	subject->version(text, sizeof(text));
	printf("# %s %s\n", subject->name, text);
}

static void run_open(const struct subject *subject, const struct shape *shape)
{
	const char *memory = memory_row(subject, shape);
	double before;

	if (!memory) {
		subject->open();
		return;
	}
	before = memory_used();
	subject->open();
	run_print(memory, (memory_used() - before) / shape->entries, "bytes");
}

static void run_subject(const struct subject *subject,
			const struct shape *shape)
{
	/* A server, too: one client is answered soonest on its own processor. */
	processor_keep(0);
	deck_make(shape);
	run_open(subject, shape);
	/* What this one made, or the last one left, may still be at work. */
	rest_wait();
	if (shape->bit == SHAPE_PLAIN)
		run_version(subject);
	run_rows(subject, shape);
	if (subject->close)
		subject->close();
}

/* Nothing is comparable until a null ioctl costs the same three times. */
static void settle(const struct subject *subject, const struct shape *shape)
{
	rest_wait();
	deck_make(shape);
	subject->open();
	measure_settle(subject->rows);
}

static bool apart(void (*run)(const struct subject *, const struct shape *),
		  const struct subject *subject, const struct shape *shape)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork: %m");
	if (!pid) {
		run(subject, shape);
		exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid: %m");
	return !status;
}

static void run_scaling(const struct subject *subject,
			const struct shape *shape)
{
	(void)subject;
	deck_make(shape);
	scaling_print();
}

static void run_growth(const struct subject *subject, const struct shape *shape)
{
	(void)subject;
	deck_make(shape);
	growth_print();
}

static bool affordable(const struct shape *shape)
{
	return !plan.few || !(shape->bit & (SHAPE_MANY | SHAPE_DEFAULT_MANY));
}

static void list(const struct subject *subject, const struct shape *shape)
{
	const char *memory = memory_row(subject, shape);

	if (memory)
		puts(memory);
	run_rows(subject, shape);
}

/* How many processes failed */
static unsigned int run_shapes(const struct subject *subject)
{
	unsigned int failed = 0;
	size_t i;

	for (i = 0; i < nr_shapes; i++) {
		if (!affordable(&shapes[i]) ||
		    !subject_wanted(subject, &shapes[i]))
			continue;
		if (plan.list)
			list(subject, &shapes[i]);
		else
			failed += !apart(run_subject, subject, &shapes[i]);
	}
	return failed;
}

static unsigned int run_processors(void)
{
	unsigned int failed = 0;

	if (scaling_wanted())
		failed += !apart(run_scaling, NULL, &shapes[0]);
	if (growth_wanted())
		failed += !apart(run_growth, NULL, &shapes[0]);
	return failed;
}

static void list_processors(void)
{
	if (scaling_wanted())
		puts("..._scaling, ..._1cpu, ..._2cpu");
	if (growth_wanted())
		puts("get_ioctl_quiet_p999, get_ioctl_growing_p999");
}

bool run_all(const struct plan *what)
{
	unsigned int failed = 0;
	size_t i;

	plan = *what;
	if (!plan.list && !apart(settle, &limits_subject, &shapes[0]))
		return false;
	for (i = 0; i < nr_subjects; i++)
		failed += run_shapes(subjects[i]);
	if (plan.processors && plan.list)
		list_processors();
	else if (plan.processors)
		failed += run_processors();
	return !failed;
}
