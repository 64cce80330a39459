// SPDX-License-Identifier: GPL-2.0-only
/*
 * A suite: its programs one after the other in one boot, then the module's
 * unloading and loading, with a look at the kernel log after each.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "init.h"

/* A program that prints more than this is not printing test results. */
#define SUITE_MOST_OUTPUT (16 << 20)
#define SUITE_MAX_ARGS 32

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void split_args(char *argv[], char *args)
{
	int n = 1;

	while (args && n < SUITE_MAX_ARGS) {
		argv[n] = strsep(&args, " ");
		if (*argv[n])
			n++;
	}
	argv[n] = NULL;
}

/* All processors or the first, for whatever is started from now on. */
static void use_processors(bool single)
{
	cpu_set_t set;
	int cpu;

	CPU_ZERO(&set);
	for (cpu = 0; cpu < (single ? 1 : CPU_SETSIZE); cpu++)
		CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail("sched_setaffinity: %m");
}

/* False when nothing can be run any more. */
static bool suite_program(const struct job *job, const struct test *test)
{
	const char *name = base_name(test->path);
	char *argv[SUITE_MAX_ARGS + 1] = { test->path };
	char args[1024];
	struct outcome out;

	snprintf(args, sizeof(args), "%s", job->args ? job->args : "");
	split_args(argv, args);
	kmsg_skip();
	report("begin %s %zu", name, port_written());
	use_processors(test->single);
	program_run(argv, job->timeout, SUITE_MOST_OUTPUT, &out);
	if (out.timed_out)
		report("fault %s did not end within %d s", name, job->timeout);
	if (out.flooded)
		report("fault %s printed more than %d bytes", name,
		       SUITE_MOST_OUTPUT);
	if (out.stuck)
		report("fault %s left a process that cannot be killed", name);
	kmsg_complaints(name);
	report("end %s %d %ld %zu", name, out.status, out.ms, port_written());
	return !out.stuck;
}

/* One step of the module's life, counted as a test. */
void suite_step(const char *name, int err)
{
	int complaints = kmsg_complaints(name);

	if (err)
		report("step %s failed: %s", name, strerror(-err));
	else if (complaints)
		report("step %s failed: complaints in the kernel log", name);
	else
		report("step %s ok", name);
}

static void suite_leaks(const char *name)
{
	int leaks = leak_scan(name);

	if (leaks > 0)
		report("step %s failed: memory lost: %d objects", name, leaks);
	else
		suite_step(name, leaks);
}

void suite_run(const struct job *job)
{
	int i;

	suite_step("load", 0);
	for (i = 0; i < job->nr_tests; i++)
		if (!suite_program(job, &job->tests[i]))
			return;
	use_processors(false);
	kmsg_skip();
	if (job->leaks)
		suite_leaks("leaks-loaded");
	suite_step("unload", module_unload("kvs"));
	if (job->leaks)
		suite_leaks("leaks-unloaded");
	suite_step("load-again", module_load(job->module, job->module_options));
	suite_step("unload-again", module_unload("kvs"));
	if (job->cycles)
		cycles_run(job, job->cycles);
}
