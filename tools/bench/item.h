/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is cached: the value of a key is a fixed function of its number, and so
 * is the length of it. The key stands at the front of the value.
 */
#ifndef BENCH_ITEM_H
#define BENCH_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ITEMS 200000

#define ITEM_KEY_LEN 16
#define ITEM_SHORTEST 100
#define ITEM_LONGEST 1000

/* Before all else. */
void items_init(void);

/* ITEM_KEY_LEN bytes */
const char *item_key(uint32_t number);

/* Between ITEM_SHORTEST and ITEM_LONGEST, all equally likely. */
size_t item_size(uint32_t number);

/* The value, made in @buf. */
void item_value(uint32_t number, char buf[ITEM_LONGEST]);

/* Are these bytes that value? */
bool item_is(uint32_t number, const char *bytes, size_t len);

#endif /* BENCH_ITEM_H */
