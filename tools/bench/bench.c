// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs-bench: measures rows and prints them. What was measured goes before them,
 * in lines that begin with #.
 */
#include <getopt.h>
#include <stdio.h>
#include <sys/utsname.h>

#include "failure.h"
#include "meter.h"
#include "run.h"
#include "shapes.h"

static const struct option options[] = {
	{ "clock", required_argument, NULL, 'c' },
	{ "perf", no_argument, NULL, 'p' },
	{ "rows", required_argument, NULL, 'r' },
	{ "few", no_argument, NULL, 'f' },
	{ "processors", no_argument, NULL, 'm' },
	{ "forever", no_argument, NULL, 'e' },
	{ "list", no_argument, NULL, 'l' },
	{ 0 }
};

static const char usage[] =
	"usage: kvs-bench [OPTION...]\n"
	"  --clock UNIT         what the clock counts: ns, or insn where it does\n"
	"  --perf               instructions, by the processor's counters\n"
	"  --rows 'PATTERN...'  these rows only\n"
	"  --few                not the rows of a million entries\n"
	"  --processors         also what shows on several processors only\n"
	"  --forever            the first of the rows, over and over\n"
	"  --list               the names of the rows, without measuring";

static void parse(struct plan *plan, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'c')
			meter_clock(optarg);
		else if (option == 'p')
			meter_perf();
		else if (option == 'r')
			rows_want(optarg);
		else if (option == 'f')
			plan->few = true;
		else if (option == 'm')
			plan->processors = true;
		else if (option == 'e')
			plan->forever = true;
		else if (option == 'l')
			plan->list = true;
		else
			die("%s", usage);
	}
	if (optind != argc)
		die("%s", usage);
}

int main(int argc, char **argv)
{
	struct plan plan = { 0 };
	struct utsname names;

	parse(&plan, argc, argv);
	uname(&names);
	if (!plan.list)
		printf("# kernel %s\n", names.release);
	return run_all(&plan) ? 0 : 1;
}
