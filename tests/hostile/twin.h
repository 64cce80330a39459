/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Twins: an output of the kernel, taken twice. Both are filled with a pattern
 * of their own before, so that afterwards
 *
 *   equal bytes      were written by the kernel, with the same content
 *   both patterns    were left alone
 *   everything else  came from somewhere it should not have come from
 */
#ifndef KVS_TEST_TWIN_H
#define KVS_TEST_TWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define TWIN_ROOM (32 << 10)

struct twin {
	unsigned char bytes[2][TWIN_ROOM] __attribute__((aligned(8)));
};

static inline unsigned char twin_pattern(int pass)
{
	return pass ? 0xff : 0x00;
}

static inline void *twin_fill(struct twin *twin, int pass)
{
	return memset(twin->bytes[pass], twin_pattern(pass), TWIN_ROOM);
}

/* The first place in [@from, @to) that was not written alike, or @to. */
static inline size_t twin_written(const struct twin *twin, size_t from,
				  size_t to)
{
	while (from < to && twin->bytes[0][from] == twin->bytes[1][from])
		from++;
	return from;
}

/* The first place from @from on that was not left alone, or TWIN_ROOM. */
static inline size_t twin_untouched(const struct twin *twin, size_t from)
{
	while (from < TWIN_ROOM && twin->bytes[0][from] == twin_pattern(0) &&
	       twin->bytes[1][from] == twin_pattern(1))
		from++;
	return from;
}

/*
 * A number of 8 bytes that differs from call to call, such as a time: written
 * if it is neither pattern. It is made equal for the other checks.
 */
static inline bool twin_settle(struct twin *twin, size_t at)
{
	unsigned char pattern[8];
	int pass;

	for (pass = 0; pass < 2; pass++) {
		memset(pattern, twin_pattern(pass), sizeof(pattern));
		if (!memcmp(twin->bytes[pass] + at, pattern, sizeof(pattern)))
			return false;
		memset(twin->bytes[pass] + at, 0, sizeof(pattern));
	}
	return true;
}

#endif /* KVS_TEST_TWIN_H */
