// SPDX-License-Identifier: GPL-2.0-only
/*
 * stdout as a screen.
 *
 * Signals are read like keys, so that none can come between the terminal's two
 * states: however the program ends, if it is not killed, the terminal is as it
 * was. What was to be said on stderr meanwhile is said then.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "duration.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#define COLUMNS 80
#define LONGEST_LINE 512

/* Another screen than that of the shell, without a cursor; and back. */
#define ENTER "\033[?1049h\033[?25l"
#define LEAVE "\033[?25h\033[?1049l"
#define HOME "\033[H"
#define CLEAR_LINE "\033[K"
#define CLEAR_REST "\033[J"

/**
 * struct screen - the one there is
 * @terminal: stdout is one
 * @keys: stdin is one, too, and read key by key
 * @before: what it was like
 * @signals: descriptor to read signals from
 * @line: number of the line to be drawn
 * @rows: lines that there is room for
 * @columns: columns that there is room for
 */
static struct screen {
	bool terminal;
	bool keys;
	struct termios before;
	int signals;
	unsigned int line;
	unsigned int rows;
	unsigned int columns;
} screen;

static bool get_size(struct winsize *size)
{
	return !ioctl(STDOUT_FILENO, TIOCGWINSZ, size) && size->ws_col;
}

unsigned int screen_columns(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	long number;

	if (get_size(&size))
		return size.ws_col;
	number = columns ? atol(columns) : 0;
	return number > 0 && number < LONGEST_LINE ? number : COLUMNS;
}

/* What the terminal can show does not depend on the locales installed here. */
bool screen_is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names) && (!locale || !*locale); i++)
		locale = getenv(names[i]);
	return locale &&
	       (strcasestr(locale, ".utf-8") || strcasestr(locale, ".utf8"));
}

static void open_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	screen.signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (screen.signals < 0)
		die(STATUS_FAILED, "cannot wait for signals: %s",
		    strerror(errno));
}

/* Keys are read where somebody looks at what they do. */
static void open_keys(void)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &screen.before))
		return;
	raw = screen.before;
	raw.c_lflag &= ~(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	screen.keys = !tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

void screen_close(void)
{
	if (!screen.terminal)
		return;
	screen.terminal = false;
	fputs(LEAVE, stdout);
	fflush(stdout);
	if (screen.keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &screen.before);
}

void screen_open(void)
{
	static char said[4096];

	open_signals();
	screen.terminal = isatty(STDOUT_FILENO) && !atexit(screen_close);
	if (!screen.terminal)
		return;
	setvbuf(stderr, said, _IOFBF, sizeof(said));
	open_keys();
	fputs(ENTER, stdout);
}

void screen_begin(void)
{
	struct winsize size;

	screen.line = 0;
	if (!screen.terminal)
		return;
	screen.columns = COLUMNS;
	screen.rows = 24;
	if (get_size(&size)) {
		screen.columns = size.ws_col;
		screen.rows = size.ws_row;
	}
	fputs(HOME, stdout);
}

void screen_line(const char *format, ...)
{
	char line[LONGEST_LINE];
	va_list values;

	va_start(values, format);
	vsnprintf(line, sizeof(line), format, values);
	va_end(values);
	if (!screen.terminal) {
		puts(line);
		return;
	}
	if (screen.line >= screen.rows)
		return;
	/* A newline behind the last line would scroll the first one away. */
	if (screen.line++)
		putchar('\n');
	printf("%.*s" CLEAR_LINE, (int)screen.columns, line);
}

void screen_end(void)
{
	if (screen.terminal)
		fputs(CLEAR_REST, stdout);
	else
		putchar('\n');
	output_flush();
}

static bool key_quits(struct pollfd *keys)
{
	char key;

	if (read(STDIN_FILENO, &key, 1) == 1)
		return key == 'q' || key == 'Q';
	/* There will be no other one. */
	keys->fd = -1;
	return false;
}

static enum screen_event signal_event(void)
{
	struct signalfd_siginfo info;

	if (read(screen.signals, &info, sizeof(info)) != sizeof(info))
		return SCREEN_QUIT;
	return info.ssi_signo == SIGWINCH ? SCREEN_RESIZED : SCREEN_QUIT;
}

/* Milliseconds, rounded up: not to come too early. */
static int time_left(uint64_t until_ns)
{
	struct timespec time;
	uint64_t now;

	clock_gettime(CLOCK_MONOTONIC, &time);
	now = time.tv_sec * NS_PER_SECOND + time.tv_nsec;
	return now < until_ns ? (until_ns - now + 999999) / 1000000 : 0;
}

enum screen_event screen_wait(uint64_t until_ns)
{
	struct pollfd fds[] = {
		{ .fd = screen.signals, .events = POLLIN },
		{ .fd = screen.keys ? STDIN_FILENO : -1, .events = POLLIN },
	};
	int ready;

	for (;;) {
		ready = poll(fds, ARRAY_SIZE(fds), time_left(until_ns));
		if (ready < 0 && errno != EINTR)
			die(STATUS_FAILED, "cannot wait: %s", strerror(errno));
		if (ready > 0 && fds[0].revents)
			return signal_event();
		if (ready > 0 && fds[1].revents && key_quits(&fds[1]))
			return SCREEN_QUIT;
		if (!time_left(until_ns))
			return SCREEN_TICK;
	}
}
