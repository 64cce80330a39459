/* SPDX-License-Identifier: GPL-2.0-only */
/* Which rows there are: every subject in every shape that it has rows in. */
#ifndef BENCH_SHAPES_H
#define BENCH_SHAPES_H

#include "row.h"

/* The longest name of a row, with the suffix */
#define NAME_SIZE 64

extern const struct shape shapes[];
extern const size_t nr_shapes;

extern const struct subject *const subjects[];
extern const size_t nr_subjects;

/* The name of a row in the table. */
void row_name(char *name, const char *row, const struct shape *shape);

/* Patterns of the rows that are wanted, separated by spaces; NULL is all. */
void rows_want(const char *patterns);
bool name_wanted(const char *name);

/* Whether the row is one of this shape, and wanted. */
bool row_wanted(const struct row *row, const struct shape *shape);

/* The row of this subject that says what an entry takes, or NULL. */
const char *memory_row(const struct subject *subject,
		       const struct shape *shape);

/* Whether anything of this subject is wanted in this shape. */
bool subject_wanted(const struct subject *subject, const struct shape *shape);

#endif /* BENCH_SHAPES_H */
