// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>

#include "failure.h"
#include "processor.h"

void processor_keep(unsigned int which)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(which, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("processor %u: %m", which);
}
