// SPDX-License-Identifier: GPL-2.0-only
/*
 * A histogram as a picture: a line for each bucket from the first that counted
 * anything to the last, with a bar as long as the share of the fullest.
 */
#include <stdio.h>

#include <kvs.h>

#include "bars.h"
#include "distribution.h"
#include "scale.h"
#include "screen.h"

/* Beside a bar stands this and a count; and so much is left for it at least. */
#define BESIDE 26
#define SHORTEST_BAR 8

/* Eighths of a column are all that the block elements of Unicode can tell. */
#define EIGHTHS 8

static void put_blocks(unsigned int eighths)
{
	for (; eighths >= EIGHTHS; eighths -= EIGHTHS)
		fputs("\xe2\x96\x88", stdout);
	/* U+2588 is the full block, U+258F one eighth. */
	if (eighths)
		printf("\xe2\x96%c", 0x88 + EIGHTHS - eighths);
}

/* As long as it should be, but what was counted at all is seen. */
static void put_bar(uint64_t count, uint64_t most, unsigned int columns,
		    bool blocks)
{
	unsigned int scale = blocks ? columns * EIGHTHS : columns;
	unsigned int length = (double)count / most * scale + 0.5;

	if (count && !length)
		length = 1;
	if (blocks) {
		put_blocks(length);
		return;
	}
	while (length--)
		putchar('#');
}

static void amount_text(char text[SCALE_SIZE], uint64_t amount, bool bytes)
{
	if (bytes)
		scale_bytes(text, amount);
	else
		scale_ns(text, amount);
}

static void put_range(const struct kvs_distribution *taken, uint32_t bucket,
		      bool bytes)
{
	char from[SCALE_SIZE] = "0", to[SCALE_SIZE] = "";

	if (bucket)
		amount_text(from, distribution_below(taken, bucket - 1), bytes);
	if (bucket + 1 < taken->buckets)
		amount_text(to, distribution_below(taken, bucket), bytes);
	printf("%7s - %-7s", from, to);
}

static uint64_t most_of(const struct kvs_distribution *taken)
{
	uint64_t most = 0;
	uint32_t i;

	for (i = 0; i < taken->buckets; i++)
		if (taken->count[i] > most)
			most = taken->count[i];
	return most;
}

/* @percent of 100 of all are below what is written. */
static void quantile_text(char text[SCALE_SIZE],
			  const struct kvs_distribution *taken,
			  unsigned int percent, bool bytes)
{
	unsigned int bucket = distribution_quantile(taken, percent);

	amount_text(text, distribution_below(taken, bucket), bytes);
}

static void put_title(const char *title, const struct kvs_distribution *taken,
		      bool bytes)
{
	char half[SCALE_SIZE], most[SCALE_SIZE], mean[SCALE_SIZE];
	uint64_t total = distribution_total(taken);

	printf("%s: %llu", title, (unsigned long long)total);
	if (total) {
		amount_text(mean, taken->sum / total, bytes);
		quantile_text(half, taken, 50, bytes);
		quantile_text(most, taken, 99, bytes);
		printf(", mean %s, p50 < %s, p99 < %s", mean, half, most);
	}
	putchar('\n');
}

static unsigned int bar_columns(unsigned int beside)
{
	unsigned int columns = screen_columns();

	return columns > beside + SHORTEST_BAR ? columns - beside :
						 SHORTEST_BAR;
}

void bars_draw(const char *title, const struct kvs_distribution *taken,
	       bool bytes)
{
	uint64_t most = most_of(taken), total = distribution_total(taken);
	int digits = snprintf(NULL, 0, "%llu", (unsigned long long)most);
	unsigned int columns = bar_columns(BESIDE + digits);
	uint64_t seen = 0;
	uint32_t i;

	put_title(title, taken, bytes);
	for (i = 0; seen < total; i++) {
		seen += taken->count[i];
		if (!seen)
			continue;
		put_range(taken, i, bytes);
		printf(" %*llu %5.1f%% ", digits,
		       (unsigned long long)taken->count[i],
		       taken->count[i] * 100.0 / total);
		put_bar(taken->count[i], most, columns, screen_is_utf8());
		putchar('\n');
	}
}
