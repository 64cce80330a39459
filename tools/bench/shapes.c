// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows: see shapes.h.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

#include "failure.h"
#include "shapes.h"

const struct shape shapes[] = {
	{ "", SHAPE_PLAIN, ENTRIES, 64, 0 },
	{ "", SHAPE_COUNTERS, ENTRIES, 64, 0 },
	{ "_8", SHAPE_SIZES, ENTRIES, 8, 0 },
	{ "_1024", SHAPE_SIZES, ENTRIES, 1024, 0 },
	{ "_16384", SHAPE_SIZES, ENTRIES, 16384, 0 },
	{ "_miss10", SHAPE_MISSES, ENTRIES, 64, 10 },
	{ "_default", SHAPE_DEFAULT, ENTRIES, 64, 0 },
	{ "_1m", SHAPE_MANY, 1000000, 64, 0 },
	{ "_1m", SHAPE_DEFAULT_MANY, 1000000, 64, 0 },
};

const size_t nr_shapes = sizeof(shapes) / sizeof(shapes[0]);

const struct subject *const subjects[] = {
	&limits_subject,    &kvs_subject,	&kvs_ring_subject,
	&bpf_subject,	    &bpf_array_subject, &keyring_subject,
	&tmpfs_subject,	    &xattr_subject,	&redis_subject,
	&memcached_subject, &lmdb_subject,	&shm_subject,
};

const size_t nr_subjects = sizeof(subjects) / sizeof(subjects[0]);

static const char *wanted;

void row_name(char *name, const char *row, const struct shape *shape)
{
	snprintf(name, NAME_SIZE, "%s%s", row, shape->suffix);
}

void rows_want(const char *patterns)
{
	wanted = patterns;
}

bool name_wanted(const char *name)
{
	char pattern[NAME_SIZE];
	const char *rest = wanted;
	int len;

	if (!wanted)
		return true;
	while (sscanf(rest, " %63s%n", pattern, &len) == 1) {
		if (!fnmatch(pattern, name, 0))
			return true;
		rest += len;
	}
	return false;
}

bool row_wanted(const struct row *row, const struct shape *shape)
{
	char name[NAME_SIZE];

	row_name(name, row->name, shape);
	return row->shapes & shape->bit && name_wanted(name);
}

const char *memory_row(const struct subject *subject, const struct shape *shape)
{
	const char *name = NULL;

	if (shape->bit == SHAPE_MANY)
		name = subject->memory;
	if (shape->bit == SHAPE_DEFAULT_MANY)
		name = subject->memory_default;
	return name && name_wanted(name) ? name : NULL;
}

bool subject_wanted(const struct subject *subject, const struct shape *shape)
{
	const struct row *row;

	for (row = subject->rows; row->name; row++)
		if (row_wanted(row, shape))
			return true;
	return memory_row(subject, shape);
}
