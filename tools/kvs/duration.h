/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spans of time and points in time, as people write them.
 */
#ifndef KVS_TOOL_DURATION_H
#define KVS_TOOL_DURATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NS_PER_SECOND UINT64_C(1000000000)

#define DURATION_SIZE 64 /* bytes of the longest text */

/**
 * duration_parse() - read a span of time
 * @text: numbers and units, ns us ms s m h d, such as 150ms, 1.5h, 1h30m
 * @ns: out: nanoseconds
 *
 * Return: false where it is none, or too long for 64 bits.
 */
bool duration_parse(const char *text, uint64_t *ns);

/* Writes it so that duration_parse() reads it; what is small is cut off. */
void duration_text(char text[DURATION_SIZE], uint64_t ns);

/* Writes it as seconds, to the nanosecond, as sleep(1) reads them. */
void duration_seconds(char text[DURATION_SIZE], uint64_t ns);

/**
 * unit_ns() - what a unit is in nanoseconds
 * @name: not necessarily terminated
 * @len: its length
 *
 * Return: 0 where there is no such unit.
 */
uint64_t unit_ns(const char *name, size_t len);

/**
 * moment_parse() - read a point in time
 * @text: @ and seconds since 1970, or ISO 8601: 2030-01-31T18:00:00, with Z or
 *	an offset such as +02:00 behind it, else of the local time zone; seconds
 *	may have decimals or be left out
 * @ns: out: nanoseconds since 1970
 *
 * Return: false where it is none.
 */
bool moment_parse(const char *text, int64_t *ns);

#endif /* KVS_TOOL_DURATION_H */
