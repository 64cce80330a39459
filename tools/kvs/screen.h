/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stdout as a screen that is drawn again and again, where it is a terminal, and
 * as a stream of blocks where it is not.
 */
#ifndef KVS_TOOL_SCREEN_H
#define KVS_TOOL_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler.h"

/* Columns of the terminal; else those of $COLUMNS, or 80. */
unsigned int screen_columns(void);

/* Does the locale say that what is read here is UTF-8? */
bool screen_is_utf8(void);

/* Signals wait from here on, and the terminal shows nothing but this. */
void screen_open(void);

/* The terminal is as it was; called at the end of the program if not before. */
void screen_close(void);

/* A drawing begins, ... */
void screen_begin(void);

/* ... has lines, cut where the terminal ends, ... */
__printf(1, 2) void screen_line(const char *format, ...);

/* ... and is shown. */
void screen_end(void);

enum screen_event {
	SCREEN_TICK, /* the time is over */
	SCREEN_RESIZED, /* draw the same again */
	SCREEN_QUIT, /* somebody wants it to end */
};

/* Waits until a time on CLOCK_MONOTONIC, at most. */
enum screen_event screen_wait(uint64_t until_ns);

#endif /* KVS_TOOL_SCREEN_H */
