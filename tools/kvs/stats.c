// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs stats: the figures of the store. They come from the store itself, which
 * can be reached where neither /proc/kvs nor sysfs can be seen.
 */
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "duration.h"
#include "figures.h"
#include "histogram.h"
#include "json.h"
#include "prometheus.h"
#include "sample.h"
#include "watch.h"

#define LONGEST_INTERVAL (86400 * NS_PER_SECOND)

/* What is written. */
enum form { FORM_PLAIN, FORM_PROMETHEUS, FORM_WATCH, FORM_HISTOGRAM };

static const char *const form_names[] = {
	[FORM_PROMETHEUS] = "prometheus",
	[FORM_WATCH] = "watch",
	[FORM_HISTOGRAM] = "histogram",
};

/**
 * struct wish - what the options ask for
 * @form: how it is written
 * @all: of all stores
 * @interval: nanoseconds between two looks; 0: not given
 * @count: number of looks; 0: not given
 * @kind: which histogram; 0: all
 */
struct wish {
	enum form form;
	bool all;
	uint64_t interval;
	uint64_t count;
	unsigned int kind;
};

static void print_text(const struct sample *sample)
{
	const struct figure *figure;

	printf("store: %s\n", sample->info.name);
	printf("number: %u\n", sample->info.store_number);
	for (figure = figures; figure->label; figure++)
		printf("%s: %llu\n", figure->label,
		       (unsigned long long)figure_value(&sample->stats,
							figure));
}

static void print_json(const struct sample *sample)
{
	struct json_object *object = json_new();
	const struct figure *figure;

	json_add_text(object, "store", sample->info.name);
	json_add_u64(object, "number", sample->info.store_number);
	for (figure = figures; figure->label; figure++)
		json_add_u64(object, figure->label,
			     figure_value(&sample->stats, figure));
	json_print(object);
}

/* A number without a unit is one of seconds. */
static uint64_t read_interval(const struct args *args, const char *text)
{
	char with_unit[32];
	uint64_t ns;

	snprintf(with_unit, sizeof(with_unit), "%.29ss", text);
	if (!duration_parse(text, &ns) && !duration_parse(with_unit, &ns))
		args_die(args,
			 "'%s' is no span of time: 2, 0.5, 500ms, 1m, ...",
			 text);
	if (ns < NS_PER_SECOND / 100 || ns > LONGEST_INTERVAL)
		args_die(args, "interval '%s' is not between 10ms and 1d",
			 text);
	return ns;
}

static void set_form(const struct args *args, struct wish *wish, enum form form)
{
	if (wish->form != FORM_PLAIN && wish->form != form)
		args_die(args, "--%s and --%s contradict each other",
			 form_names[wish->form], form_names[form]);
	wish->form = form;
}

static void read_option(const struct args *args, struct wish *wish, int code)
{
	switch (code) {
	case 'p':
		set_form(args, wish, FORM_PROMETHEUS);
		break;
	case 'w':
		set_form(args, wish, FORM_WATCH);
		break;
	case 'h':
		set_form(args, wish, FORM_HISTOGRAM);
		break;
	case 'i':
		wish->interval = read_interval(args, optarg);
		break;
	case 'c':
		wish->count = args_u64(args, "count", optarg, UINT64_MAX);
		if (!wish->count)
			args_die(args, "a count of 0 is none");
		break;
	default:
		wish->all = true;
	}
}

static void check_wish(const struct args *args, struct wish *wish)
{
	bool several = wish->form == FORM_WATCH ||
		       wish->form == FORM_PROMETHEUS;

	args_want(args, 0, wish->form == FORM_HISTOGRAM);
	if (args->count) {
		wish->kind = histogram_kind(args->operands[0]);
		if (!wish->kind)
			args_die(args, "'%s' is not size, latency or lag",
				 args->operands[0]);
	}
	if (args->json && several)
		args_die(args, "--%s and --json contradict each other",
			 form_names[wish->form]);
	if (wish->all && !several)
		args_die(args, "--all needs --watch or --prometheus");
	if ((wish->interval || wish->count) && wish->form != FORM_WATCH)
		args_die(args, "--interval and --count need --watch");
	if (!wish->interval)
		wish->interval = NS_PER_SECOND;
}

static void print_samples(const struct args *args, const struct wish *wish)
{
	struct samples samples;

	samples_take(args, wish->all, &samples);
	if (wish->form == FORM_PROMETHEUS)
		prometheus_print(&samples);
	else if (wish->form == FORM_HISTOGRAM && args->json)
		histogram_json(samples.list->kvs, &samples.list->info,
			       wish->kind);
	else if (wish->form == FORM_HISTOGRAM)
		histogram_draw(samples.list->kvs, &samples.list->info,
			       wish->kind);
	else if (args->json)
		print_json(samples.list);
	else
		print_text(samples.list);
	samples_free(&samples);
}

enum status command_stats(struct args *args)
{
	static const struct option options[] = {
		{ "watch", no_argument, NULL, 'w' },
		{ "interval", required_argument, NULL, 'i' },
		{ "count", required_argument, NULL, 'c' },
		{ "prometheus", no_argument, NULL, 'p' },
		{ "histogram", no_argument, NULL, 'h' },
		{ "all", no_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	struct wish wish = { .form = FORM_PLAIN };
	int code;

	while ((code = args_next(args, options)) != -1)
		read_option(args, &wish, code);
	check_wish(args, &wish);

	if (wish.form == FORM_WATCH)
		watch(args, wish.all, wish.interval, wish.count);
	else
		print_samples(args, &wish);
	return STATUS_DONE;
}
