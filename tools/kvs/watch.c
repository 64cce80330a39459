// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs stats --watch. Rates are those between two looks; the first look has none.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "duration.h"
#include "sample.h"
#include "scale.h"
#include "screen.h"
#include "store.h"
#include "watch.h"

#define NOT_KNOWN "-"

/**
 * struct growth - what was done to a store between two looks
 * @seconds: between them; 0: there was none before
 * @gets: reads
 * @hits: those that found their key
 * @writes: changes of all sorts
 * @expired: entries that ended by their deadline
 * @evicted: entries that made room for others
 * @rejected: writes refused, whatever for
 */
struct growth {
	double seconds;
	uint64_t gets;
	uint64_t hits;
	uint64_t writes;
	uint64_t expired;
	uint64_t evicted;
	uint64_t rejected;
};

static uint64_t writes_of(const struct kvs_statistics *stats)
{
	return stats->puts + stats->deletes + stats->adds + stats->xchgs +
	       stats->bitops + stats->buckets + stats->touches;
}

static uint64_t rejected_of(const struct kvs_statistics *stats)
{
	return stats->rejected_bytes + stats->rejected_entries +
	       stats->rejected_memory + stats->rejected_quota +
	       stats->rejected_value;
}

static struct growth growth_of(const struct samples *now,
			       const struct samples *before,
			       const struct sample *sample)
{
	const struct sample *former = samples_find(before, sample);
	const struct kvs_statistics *new = &sample->stats;
	const struct kvs_statistics *old;

	if (!former)
		return (struct growth){ 0 };
	old = &former->stats;
	return (struct growth){
		.seconds = (now->ns - before->ns) / (double)NS_PER_SECOND,
		.gets = new->hits - old->hits + new->misses - old->misses,
		.hits = new->hits - old->hits,
		.writes = writes_of(new) - writes_of(old),
		.expired = new->expired - old->expired,
		.evicted = new->evictions - old->evictions,
		.rejected = rejected_of(new) - rejected_of(old),
	};
}

static void rate_text(char text[SCALE_SIZE], const struct growth *growth,
		      uint64_t count)
{
	snprintf(text, SCALE_SIZE, NOT_KNOWN);
	if (growth->seconds > 0)
		scale_count(text, count / growth->seconds);
}

static void ratio_text(char text[SCALE_SIZE], uint64_t part, uint64_t whole)
{
	snprintf(text, SCALE_SIZE, NOT_KNOWN);
	if (whole)
		snprintf(text, SCALE_SIZE, "%.1f", part * 100.0 / whole);
}

static void draw_row(const struct sample *sample, const struct growth *growth,
		     int width)
{
	const struct kvs_statistics *stats = &sample->stats;
	char entries[SCALE_SIZE], bytes[SCALE_SIZE], full[SCALE_SIZE];
	char gets[SCALE_SIZE], hits[SCALE_SIZE], writes[SCALE_SIZE];
	char expired[SCALE_SIZE], evicted[SCALE_SIZE], rejected[SCALE_SIZE];

	scale_count(entries, stats->entries);
	scale_bytes(bytes, stats->bytes + stats->table_bytes);
	ratio_text(full, stats->bytes + stats->table_bytes, stats->max_bytes);
	rate_text(gets, growth, growth->gets);
	ratio_text(hits, growth->hits, growth->gets);
	rate_text(writes, growth, growth->writes);
	rate_text(expired, growth, growth->expired);
	rate_text(evicted, growth, growth->evicted);
	rate_text(rejected, growth, growth->rejected);
	screen_line("%-*s %7s %6s %6s %7s %6s %8s %9s %9s %10s", width,
		    sample->info.name, entries, bytes, full, gets, hits, writes,
		    expired, evicted, rejected);
}

static void draw_time(void)
{
	char text[32];
	time_t now = time(NULL);

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	screen_line("time: %s", text);
}

static int name_width(const struct samples *samples)
{
	int width = strlen("store"), len;
	size_t i;

	for (i = 0; i < samples->count; i++) {
		len = strlen(samples->list[i].info.name);
		width = len > width ? len : width;
	}
	return width;
}

static void draw(const struct samples *now, const struct samples *before)
{
	int width = name_width(now);
	size_t i;

	screen_begin();
	draw_time();
	screen_line("%-*s %7s %6s %6s %7s %6s %8s %9s %9s %10s", width, "store",
		    "entries", "bytes", "full%", "gets/s", "hit%", "writes/s",
		    "expired/s", "evicted/s", "rejected/s");
	for (i = 0; i < now->count; i++) {
		struct growth growth = growth_of(now, before, &now->list[i]);

		draw_row(&now->list[i], &growth, width);
	}
	screen_end();
}

/* Draws again what the terminal was too small for; false: it is to end. */
static bool wait_for(const struct samples *now, const struct samples *before,
		     uint64_t until)
{
	enum screen_event event;

	while ((event = screen_wait(until)) == SCREEN_RESIZED)
		draw(now, before);
	return event == SCREEN_TICK;
}

void watch(const struct args *args, bool all, uint64_t interval_ns,
	   uint64_t count)
{
	/* In a user namespace stores end with their last handle. */
	struct kvs *hold = all ? NULL : store_open_any(args);
	struct samples before = { 0 }, now;
	bool more = true;

	samples_take(args, all, &now);
	screen_open();
	while (more) {
		draw(&now, &before);
		more = count != 1 &&
		       wait_for(&now, &before, now.ns + interval_ns);
		if (count)
			count--;
		samples_free(&before);
		before = now;
		now = (struct samples){ 0 };
		if (more)
			samples_take(args, all, &now);
	}
	samples_free(&before);
	screen_close();
	kvs_close(hold);
}
