// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rounds of the loop: see measure.h.
 */
#include <stdio.h>

#include "deck.h"
#include "failure.h"
#include "loop.h"
#include "measure.h"
#include "median.h"
#include "meter.h"
#include "row.h"

#define ROUNDS 7
/* What the meter shall count in a round, about. */
#define ROUND 10000000
#define PILOT_CALLS 64
/* Of a row that can use each key once. */
#define TURNS 12
#define SETTLE_ROUNDS 3000
/* Parts of such a round, of which the least counts: others may be at work */
#define SETTLE_PARTS 20

static unsigned int nothing(const uint32_t *keys)
{
	return !keys;
}

/* Calls that the draws suffice for. */
static unsigned int most_calls(const struct row *row)
{
	return (row->draw == DRAW_ONCE ? ABSENT : DRAWS) / loop_per(row);
}

static void check(const struct row *row, unsigned long wrong)
{
	if (wrong)
		die("%s%s: %lu operations went wrong", row->name,
		    deck.shape->suffix, wrong);
}

void measure_call(const struct row *row, const uint32_t *keys)
{
	check(row, loop_once(row, keys));
}

static uint64_t timed(const struct row *row, unsigned int calls)
{
	uint64_t start = meter_read();
	unsigned long wrong = loop(row, calls);
	uint64_t end = meter_read();

	check(row, wrong);
	return end - start;
}

/* It has no values to find right. */
static uint64_t timed_nothing(const struct row *row, unsigned int calls)
{
	struct row empty = *row;
	uint64_t start;

	empty.call = nothing;
	start = meter_read();
	loop(&empty, calls);
	return meter_read() - start;
}

static void undo(const struct row *row, unsigned int calls)
{
	struct row opposite = *row;

	opposite.call = row->undo;
	opposite.reads = false;
	check(row, loop(&opposite, calls));
}

/* What goes on behind a key that was used falls on one turn or the next. */
static uint64_t timed_turns(const struct row *row, unsigned int calls)
{
	uint64_t sum = 0;
	unsigned int turn;

	for (turn = 0; turn < TURNS; turn++) {
		if (row->undo_first)
			undo(row, calls);
		sum += timed(row, calls);
		if (!row->undo_first)
			undo(row, calls);
	}
	return sum;
}

static double round_of(const struct row *row, unsigned int calls)
{
	double operations = (double)calls * loop_per(row);
	double spent;

	if (row->undo)
		spent = (double)timed_turns(row, calls) / TURNS;
	else
		spent = timed(row, calls);
	return (spent - timed_nothing(row, calls)) / operations;
}

static unsigned int calls_of(const struct row *row)
{
	unsigned int most = most_calls(row);
	unsigned int pilot = most < PILOT_CALLS ? most : PILOT_CALLS;
	double each, calls;

	if (row->undo)
		return most;
	timed(row, pilot);
	each = (double)timed(row, pilot) / pilot;
	calls = ROUND / (each > 1 ? each : 1);
	if (calls < pilot)
		return pilot;
	return calls < most ? calls : most;
}

double measure(const struct row *row)
{
	unsigned int calls = calls_of(row);
	double rounds[ROUNDS];
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		rounds[i] = round_of(row, calls);
	return median(rounds, ROUNDS);
}

void measure_forever(const struct row *row)
{
	unsigned int calls = calls_of(row);

	/* Whoever looks on counts by this function. */
	printf("# forever %u %016lx\n", loop_per(row),
	       (unsigned long)row->call);
	fflush(stdout);
	for (;;)
		if (row->undo)
			timed_turns(row, calls);
		else
			timed(row, calls);
}

/* Whether the greatest of three is less than one percent above the least. */
static bool agree(const double *rounds)
{
	double least = rounds[0], most = rounds[0];
	unsigned int i;

	for (i = 1; i < 3; i++) {
		if (rounds[i] < least)
			least = rounds[i];
		if (rounds[i] > most)
			most = rounds[i];
	}
	return most - least < least / 100;
}

/* What it costs while nobody disturbs */
static double settle_round(const struct row *row, unsigned int calls)
{
	double least = round_of(row, calls);
	double part;
	unsigned int i;

	for (i = 1; i < SETTLE_PARTS; i++) {
		part = round_of(row, calls);
		if (part < least)
			least = part;
	}
	return least;
}

void measure_settle(const struct row *row)
{
	unsigned int calls = calls_of(row) / SETTLE_PARTS;
	double rounds[3] = { 0 };
	unsigned int i;

	for (i = 0; i < SETTLE_ROUNDS; i++) {
		rounds[i % 3] = settle_round(row, calls);
		if (i >= 2 && agree(rounds))
			return;
	}
	die("%s does not cost the same three times: the machine is not quiet",
	    row->name);
}
