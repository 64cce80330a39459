// SPDX-License-Identifier: GPL-2.0-only
/*
 * The meter: see meter.h.
 */
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "failure.h"
#include "meter.h"

static const char *unit = "ns";
static int counter = -1;

void meter_clock(const char *of)
{
	unit = of;
}

void meter_perf(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.exclude_hv = 1,
		.inherit = 1,
	};

	counter = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	if (counter < 0)
		die("instructions cannot be counted here: %m");
	unit = "insn";
}

static uint64_t counter_read(void)
{
	uint64_t count;

	if (read(counter, &count, sizeof(count)) != sizeof(count))
		die("instructions cannot be read: %m");
	return count;
}

static uint64_t clock_read(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

uint64_t meter_read(void)
{
	return counter < 0 ? clock_read() : counter_read();
}

const char *meter_unit(void)
{
	return unit;
}
