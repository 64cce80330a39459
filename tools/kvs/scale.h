/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers as short as they can be read: three digits and a unit.
 */
#ifndef KVS_TOOL_SCALE_H
#define KVS_TOOL_SCALE_H

#include <stdint.h>

#define SCALE_SIZE 24 /* bytes of the longest text */

/* 0, 12, 1.5k, 120k, 3.2M: steps of 1000. */
void scale_count(char text[SCALE_SIZE], double number);

/* 64, 1K, 1.5K, 16M: steps of 1024. */
void scale_bytes(char text[SCALE_SIZE], uint64_t bytes);

/* 512ns, 1.02us, 33.6ms, 1.1s */
void scale_ns(char text[SCALE_SIZE], uint64_t ns);

#endif /* KVS_TOOL_SCALE_H */
