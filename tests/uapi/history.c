// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search of Wing and Gong: take each operation that may have come first,
 * and go on with the others. Versions make it short: they say in which order
 * the changes came, so what is done decides the state, and a set of operations
 * that led nowhere once need not be tried again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

/* The key, between two operations; @version is that of the last change. */
struct state {
	__u32 kind;
	__s64 number;
	__u64 version;
};

struct search {
	const struct history_event *events;
	unsigned int count;
	unsigned long *tried; /* sets of operations, by their hash */
};

#define TRIED_MAX 65536

static bool change(struct state *state, const struct history_event *event,
		   __u32 kind, __s64 number)
{
	if (event->status || event->version <= state->version)
		return false;
	state->kind = kind;
	state->number = number;
	state->version = event->version;
	return true;
}

static bool apply_get(const struct state *state,
		      const struct history_event *event)
{
	if (state->kind == KVS_KIND_NONE)
		return event->status == -ENOENT;
	return !event->status && event->kind == state->kind &&
	       event->answer == state->number &&
	       event->version == state->version;
}

static bool apply_add(struct state *state, const struct history_event *event)
{
	__s64 sum = state->number + event->number;

	if (state->kind == KVS_KIND_NONE)
		return event->status == -ENOENT;
	if (state->kind == KVS_KIND_BLOB)
		return event->status == -EPROTOTYPE;
	return event->answer == sum &&
	       change(state, event, KVS_KIND_COUNTER, sum);
}

static bool apply(struct state *state, const struct history_event *event)
{
	switch (event->op) {
	case HISTORY_GET:
		return apply_get(state, event);
	case HISTORY_CREATE:
		if (state->kind != KVS_KIND_NONE)
			return event->status == -EEXIST;
		return change(state, event, KVS_KIND_BLOB, event->number);
	case HISTORY_PUT:
		return change(state, event, KVS_KIND_BLOB, event->number);
	case HISTORY_SET:
		return change(state, event, KVS_KIND_COUNTER, event->number);
	case HISTORY_ADD:
		return apply_add(state, event);
	default:
		if (state->kind == KVS_KIND_NONE)
			return event->status == -ENOENT;
		return change(state, event, KVS_KIND_NONE, 0);
	}
}

/* Nothing that is left ended before it began. */
static bool may_be_first(const struct search *search, unsigned long done,
			 unsigned int candidate)
{
	unsigned long begin = search->events[candidate].begin;
	unsigned int i;

	for (i = 0; i < search->count; i++)
		if (!(done & 1UL << i) && search->events[i].end < begin)
			return false;
	return true;
}

/* The empty set, which is 0, is tried but once. */
static bool tried_before(struct search *search, unsigned long done)
{
	unsigned long at = done * 0x9e3779b97f4a7c15UL >> 48;
	unsigned int probes;

	for (probes = 0; probes < TRIED_MAX; probes++) {
		if (search->tried[at] == done)
			return done;
		if (!search->tried[at]) {
			search->tried[at] = done;
			return false;
		}
		at = (at + 1) % TRIED_MAX;
	}
	abort();
}

static bool find_order(struct search *search, struct state state,
		       unsigned long done)
{
	unsigned int i;

	if (done == (1UL << search->count) - 1)
		return true;
	if (tried_before(search, done))
		return false;
	for (i = 0; i < search->count; i++) {
		struct state next = state;

		if (done & 1UL << i || !may_be_first(search, done, i) ||
		    !apply(&next, &search->events[i]))
			continue;
		if (find_order(search, next, done | 1UL << i))
			return true;
	}
	return false;
}

bool history_linearizable(const struct history_event *events,
			  unsigned int count)
{
	struct state absent = { .kind = KVS_KIND_NONE };
	struct search search = { .events = events, .count = count };
	bool found;

	if (count > HISTORY_MAX)
		abort();
	search.tried = calloc(TRIED_MAX, sizeof(*search.tried));
	if (!search.tried)
		abort();
	found = find_order(&search, absent, 0);
	free(search.tried);
	return found;
}

/* The state between a change and the next, and when that change may have been. */
struct slot {
	struct state state;
	unsigned long earliest, latest;
};

static bool is_change(const struct history_event *event)
{
	return !event->status && event->op != HISTORY_GET;
}

/* Changes in the order of their versions, then all others. */
static int compare_events(const void *a, const void *b)
{
	const struct history_event *left = a, *right = b;

	if (is_change(left) != is_change(right))
		return is_change(left) ? -1 : 1;
	return (left->version > right->version) -
	       (left->version < right->version);
}

/* The last of @slots whose version is at most @version. */
static struct slot *slot_of(struct slot *slots, unsigned long changes,
			    __u64 version)
{
	unsigned long low = 0, high = changes;

	while (low < high) {
		unsigned long middle = (low + high + 1) / 2;

		if (slots[middle].state.version <= version)
			low = middle;
		else
			high = middle - 1;
	}
	return &slots[low];
}

/* What was read lies between the change that wrote it and the next. */
static bool place_read(struct slot *slots, unsigned long changes,
		       const struct history_event *event)
{
	struct slot *slot = slot_of(slots, changes, event->version);

	if (!apply_get(&slot->state, event))
		return false;
	if (slot->latest > event->end)
		slot->latest = event->end;
	if (slot < slots + changes && slot[1].earliest < event->begin)
		slot[1].earliest = event->begin;
	return true;
}

/* One after the other: none before those before it or behind those behind. */
static bool settle(struct slot *slots, unsigned long changes)
{
	unsigned long i;

	for (i = 1; i <= changes; i++)
		if (slots[i].earliest < slots[i - 1].earliest)
			slots[i].earliest = slots[i - 1].earliest;
	for (i = changes; i; i--)
		if (slots[i - 1].latest > slots[i].latest)
			slots[i - 1].latest = slots[i].latest;
	for (i = 0; i <= changes; i++)
		if (slots[i].earliest > slots[i].latest)
			return false;
	return true;
}

/* Was there a state, in the time of @event, that explains its failure? */
static bool explains(const struct slot *slots, unsigned long changes,
		     const struct history_event *event)
{
	unsigned long low = 0, high = changes;

	while (low < high) {
		unsigned long middle = (low + high) / 2;

		if (slots[middle + 1].latest < event->begin)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low <= changes && slots[low].earliest <= event->end; low++) {
		struct state state = slots[low].state;

		if (apply(&state, event))
			return true;
	}
	return false;
}

static bool replay(struct slot *slots, const struct history_event *events,
		   unsigned long changes)
{
	unsigned long i;

	slots[0] = (struct slot){ .latest = -1UL };
	for (i = 0; i < changes; i++) {
		slots[i + 1].state = slots[i].state;
		slots[i + 1].earliest = events[i].begin;
		slots[i + 1].latest = events[i].end;
		if (!apply(&slots[i + 1].state, &events[i]))
			return false;
	}
	return true;
}

static bool check_slots(struct slot *slots, const struct history_event *events,
			unsigned long changes, unsigned long count)
{
	unsigned long i;

	if (!replay(slots, events, changes))
		return false;
	for (i = changes; i < count; i++)
		if (!events[i].status &&
		    !place_read(slots, changes, &events[i]))
			return false;
	if (!settle(slots, changes))
		return false;
	for (i = changes; i < count; i++)
		if (events[i].status && !explains(slots, changes, &events[i]))
			return false;
	return true;
}

bool history_ordered(struct history_event *events, unsigned long count)
{
	unsigned long changes = 0;
	struct slot *slots;
	bool good;

	qsort(events, count, sizeof(*events), compare_events);
	while (changes < count && is_change(&events[changes]))
		changes++;
	slots = calloc(changes + 1, sizeof(*slots));
	if (!slots)
		abort();
	good = check_slots(slots, events, changes, count);
	free(slots);
	return good;
}
