// SPDX-License-Identifier: GPL-2.0-only
/*
 * A machine at rest: see rest.h.
 */
#include <stdio.h>
#include <unistd.h>

#include "failure.h"
#include "rest.h"

#define LOOK_US 500000
#define LOOKS 240
/* Of all processors' time, the part that must be idle */
#define IDLE 0.98

/**
 * struct times - since boot, in ticks of the clock, of all processors
 * @idle: in which there was nothing to do
 * @all: altogether
 */
struct times {
	double idle;
	double all;
};

static struct times times_read(void)
{
	FILE *file = fopen("/proc/stat", "re");
	double t[5];
	int n;

	n = file ? fscanf(file, "cpu %lf %lf %lf %lf %lf", &t[0], &t[1], &t[2],
			  &t[3], &t[4]) :
		   0;
	if (n != 5)
		die("/proc/stat: %m");
	fclose(file);
	return (struct times){ .idle = t[3] + t[4],
			       .all = t[0] + t[1] + t[2] + t[3] + t[4] };
}

void rest_wait(void)
{
	struct times before = times_read(), now;
	unsigned int i;

	for (i = 0; i < LOOKS; i++) {
		usleep(LOOK_US);
		now = times_read();
		if (now.idle - before.idle > IDLE * (now.all - before.all))
			return;
		before = now;
	}
	die("the machine is not at rest");
}
