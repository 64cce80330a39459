// SPDX-License-Identifier: GPL-2.0-only
/*
 * Figures in the text format that Prometheus reads: a metric after the other,
 * each with all its stores. A bucket there counts what is not above its "le",
 * all that is below included; ours count what is below a power of two, and all
 * we count are whole numbers.
 */
#include <stdio.h>
#include <string.h>

#include "compiler.h"
#include "distribution.h"
#include "duration.h"
#include "figures.h"
#include "prometheus.h"
#include "sample.h"

/**
 * struct histogram - a histogram as a metric
 * @name: what it is called
 * @help: what it tells, in a line
 * @kind: KVS_SIZES, KVS_LATENCIES or KVS_LAGS
 * @first: first bucket that is told by itself
 * @last: last one
 *
 * Which buckets there are must not change from one reading to the next.
 */
struct histogram {
	const char *name;
	const char *help;
	unsigned int kind;
	unsigned int first;
	unsigned int last;
};

/* clang-format off */
static const struct histogram histograms[] = {
	{ "kvs_entry_size_bytes",
	  "Bytes charged for entries, of those that are there now.",
	  KVS_SIZES, 7, 24 },
	{ "kvs_expiry_lag_seconds",
	  "Time from the deadline of an entry to its removal.",
	  KVS_LAGS, 4, 26 },
	{ "kvs_request_duration_seconds",
	  "Time that requests took in the kernel.",
	  KVS_LATENCIES, 8, 34 },
};

/* clang-format on */

static void print_head(const char *name, const char *help, const char *type)
{
	printf("# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* The format has three characters that cannot stand for themselves. */
static void print_label(const char *name, const char *value)
{
	printf("%s=\"", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			putchar('\\');
		if (*value == '\n')
			fputs("\\n", stdout);
		else
			putchar(*value);
	}
	putchar('"');
}

/* Nanoseconds as seconds, without a rounding. */
static void print_amount(unsigned int kind, uint64_t amount)
{
	if (kind == KVS_SIZES)
		printf("%llu", (unsigned long long)amount);
	else
		printf("%llu.%09llu",
		       (unsigned long long)(amount / NS_PER_SECOND),
		       (unsigned long long)(amount % NS_PER_SECOND));
}

static void print_figure(const struct figure *figure,
			 const struct samples *samples)
{
	const char *end = strrchr(figure->metric, '_');
	char name[64];
	size_t i;

	snprintf(name, sizeof(name), "kvs_%s", figure->metric);
	print_head(name, figure->help,
		   end && !strcmp(end, "_total") ? "counter" : "gauge");
	for (i = 0; i < samples->count; i++) {
		const struct sample *sample = &samples->list[i];
		uint64_t value = figure_value(&sample->stats, figure);

		fputs(name, stdout);
		if (!figure->of_user) {
			putchar('{');
			print_label("store", sample->info.name);
			putchar('}');
		}
		printf(" %llu\n", (unsigned long long)value);
		/* Whatever the store, the user is the same. */
		if (figure->of_user)
			break;
	}
}

static void print_series(const struct histogram *histogram, const char *end,
			 const struct sample *sample, const char *operation)
{
	printf("%s%s{", histogram->name, end);
	print_label("store", sample->info.name);
	if (operation) {
		putchar(',');
		print_label("operation", operation);
	}
}

static void print_buckets(const struct histogram *histogram,
			  const struct sample *sample, const char *operation,
			  const struct kvs_distribution *taken)
{
	unsigned long long sum = 0;
	unsigned int i;

	for (i = 0; i <= histogram->last; i++) {
		sum += taken->count[i];
		if (i < histogram->first)
			continue;
		print_series(histogram, "_bucket", sample, operation);
		fputs(",le=\"", stdout);
		print_amount(histogram->kind, distribution_below(taken, i) - 1);
		printf("\"} %llu\n", sum);
	}
	sum = distribution_total(taken);
	print_series(histogram, "_bucket", sample, operation);
	printf(",le=\"+Inf\"} %llu\n", sum);
	print_series(histogram, "_sum", sample, operation);
	fputs("} ", stdout);
	print_amount(histogram->kind, taken->sum);
	putchar('\n');
	print_series(histogram, "_count", sample, operation);
	printf("} %llu\n", sum);
}

/* Nothing of what is not measured, or has gone since its figures were read. */
static void print_distribution(const struct histogram *histogram,
			       const struct sample *sample,
			       const struct measured *of)
{
	struct kvs_distribution taken;

	if (distribution_try(sample->info.name, sample->kvs, histogram->kind,
			     of ? of->operation : 0, &taken) &&
	    taken.buckets)
		print_buckets(histogram, sample, of ? of->name : NULL, &taken);
}

static void print_histogram(const struct histogram *histogram,
			    const struct samples *samples)
{
	const struct measured *of;
	size_t i;

	print_head(histogram->name, histogram->help, "histogram");
	for (i = 0; i < samples->count; i++) {
		if (histogram->kind != KVS_LATENCIES) {
			print_distribution(histogram, &samples->list[i], NULL);
			continue;
		}
		for (of = measured; of->name; of++)
			print_distribution(histogram, &samples->list[i], of);
	}
}

void prometheus_print(const struct samples *samples)
{
	const struct figure *figure;
	size_t i;

	for (figure = figures; figure->label; figure++)
		print_figure(figure, samples);
	for (i = 0; i < ARRAY_SIZE(histograms); i++)
		print_histogram(&histograms[i], samples);
}
