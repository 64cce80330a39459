// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading and unloading over and over, and whether that costs memory.
 */
#include <stdbool.h>
#include <string.h>

#include "init.h"

/*
 * How long what was freed may take to be counted as such, where others keep the
 * host busy. One look at the counters takes seconds then.
 */
#define SETTLE_MS 20000

static const struct {
	const char *name;
	const char *kind;
} cycle_tests[] = {
	{ "slab-as-before", "slab" },
	{ "vmalloc-as-before", "vmalloc" },
	{ "percpu-as-before", "percpu" },
};

#define NR_CYCLE_TESTS (sizeof(cycle_tests) / sizeof(cycle_tests[0]))

static int cycles_load(const struct job *job, int cycles)
{
	int err = 0;

	while (!err && cycles--) {
		err = module_load(job->module, job->module_options);
		if (!err)
			err = module_unload("kvs");
	}
	return err;
}

/* What is lost in each cycle may be hidden in part by what others give back. */
static int cycles_least(int cycles)
{
	return cycles - cycles / 4;
}

static int cycles_grown(const struct counters *before,
			const struct counters *now, int cycles)
{
	int grown = 0;
	size_t i;

	for (i = 0; i < NR_CYCLE_TESTS; i++)
		grown += counters_grown(before, now, cycle_tests[i].kind,
					cycles_least(cycles), NULL);
	return grown;
}

static void cycles_judge(const struct counters *before,
			 const struct counters *now, int cycles)
{
	const char *name;
	size_t i;

	for (i = 0; i < NR_CYCLE_TESTS; i++) {
		name = cycle_tests[i].name;
		if (counters_grown(before, now, cycle_tests[i].kind,
				   cycles_least(cycles), name))
			report("step %s failed: memory grew over %d cycles",
			       name, cycles);
		else
			report("step %s ok", name);
	}
}

/* Waits, for some time, until no counter shows that something was lost. */
static bool cycles_settle(const struct counters *before, struct counters *now,
			  int cycles)
{
	long deadline = now_ms() + SETTLE_MS;

	do {
		counters_read(now);
		if (!cycles_grown(before, now, cycles))
			return true;
	} while (now_ms() < deadline);
	return false;
}

/*
 * What loading or unloading loses once, it loses in each cycle. So a counter
 * that grew by less than most of that has moved for another reason: names
 * that the kernel caches, a worker that came or went. And one that grows by
 * more, but not again as the cycles go on, has moved for such a reason too.
 */
void cycles_run(const struct job *job, int cycles)
{
	static struct counters before, now;
	int tries = 3, err;

	do {
		counters_read(&before);
		err = cycles_load(job, cycles);
	} while (!err && !cycles_settle(&before, &now, cycles) && --tries);
	suite_step("load-and-unload-cycles", err);
	if (!err)
		cycles_judge(&before, &now, cycles);
}
