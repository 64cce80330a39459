// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel log, read after every program: a test that passes while the
 * kernel complains has failed. A test that makes the kernel say something on
 * purpose announces how the line begins, in the log itself, and must be right.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

#define KMSG_MAX_COMPLAINTS 40
#define KMSG_MAX_ANNOUNCED 40
#define LEVEL_WARNING 4

/* Wherever in a line they stand, whatever its level. */
static const char *const bad_words[] = {
	"BUG:",
	"BUG ", /* and the name of a slab cache */
	"WARNING:",
	"kernel BUG at",
	"Oops",
	"general protection fault",
	"possible recursive locking",
	"possible circular locking",
	"possible deadlock",
	"suspicious RCU usage",
	"INFO: rcu",
	"rcu: INFO:",
	"self-detected stall",
	"detected stalls",
	"blocked for more than",
	"soft lockup",
	"hard LOCKUP",
	"refcount_t:",
	"list_add corruption",
	"list_del corruption",
	"usercopy:",
	"Bad or missing usercopy",
	"UBSAN",
	"KASAN",
	"KCSAN",
	"KMSAN",
	"KFENCE",
	"ODEBUG:",
	"kmemleak:",
	"turning off the locking correctness validator",
	"unreferenced object",
	"sleeping function called",
	"scheduling while atomic",
	"bad unlock balance",
	"held lock freed",
	"inconsistent lock state",
	"Call Trace:",
};

static int log_fd = -1;
static char *complaints[KMSG_MAX_COMPLAINTS];
static int nr_complaints;

/* How a line begins that a test makes the kernel say. */
struct announced {
	char *begin;
	bool must; /* it comes once; else it may come, any number of times */
};

static struct announced announced[KMSG_MAX_ANNOUNCED];

void kmsg_open(void)
{
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd < 0)
		fail("cannot open /dev/kmsg: %m");
}

int kmsg_fd(void)
{
	return log_fd;
}

/* Forgets what was logged so far. */
void kmsg_skip(void)
{
	lseek(log_fd, 0, SEEK_END);
}

static bool is_complaint(int level, const char *text)
{
	size_t i;

	if (level <= LEVEL_WARNING && !strncmp(text, "kvs: ", 5) &&
	    !strstr(text, "taint"))
		return true;
	for (i = 0; i < sizeof(bad_words) / sizeof(bad_words[0]); i++)
		if (strstr(text, bad_words[i]))
			return true;
	return false;
}

static void complain(const char *text)
{
	if (nr_complaints < KMSG_MAX_COMPLAINTS)
		complaints[nr_complaints++] = strdup(text);
}

static void complain_of_absence(const char *begin)
{
	char line[1024];

	snprintf(line, sizeof(line), "did not come: %s", begin);
	complain(line);
}

static void announce(const char *begin, bool must)
{
	int i;

	for (i = 0; i < KMSG_MAX_ANNOUNCED; i++) {
		if (!announced[i].begin) {
			announced[i].begin = strdup(begin);
			announced[i].must = must;
			return;
		}
	}
	complain_of_absence(begin);
}

static void announced_drop(struct announced *a)
{
	free(a->begin);
	a->begin = NULL;
}

static bool is_announcement(const char *text)
{
	static const char expects[] = "kvs-test expects: ";
	static const char allows[] = "kvs-test allows: ";

	if (!strncmp(text, expects, sizeof(expects) - 1))
		announce(text + sizeof(expects) - 1, true);
	else if (!strncmp(text, allows, sizeof(allows) - 1))
		announce(text + sizeof(allows) - 1, false);
	else
		return false;
	return true;
}

static bool was_announced(const char *text)
{
	struct announced *a;

	for (a = announced; a < announced + KMSG_MAX_ANNOUNCED; a++) {
		if (!a->begin || strncmp(a->begin, text, strlen(a->begin)))
			continue;
		if (a->must)
			announced_drop(a);
		return true;
	}
	return false;
}

static void announced_end(void)
{
	struct announced *a;

	for (a = announced; a < announced + KMSG_MAX_ANNOUNCED; a++) {
		if (a->begin && a->must)
			complain_of_absence(a->begin);
		announced_drop(a);
	}
}

/* A record is "level,sequence,time,flags[,...];text\n", then properties. */
static void kmsg_record(char *record)
{
	char *text = strchr(record, ';');

	if (!text)
		return;
	text++;
	text[strcspn(text, "\n")] = '\0';
	if (is_announcement(text) || was_announced(text))
		return;
	if (is_complaint(atoi(record) & 7, text))
		complain(text);
}

/* Takes in what has been logged since the last call. */
void kmsg_read(void)
{
	char record[8192];
	ssize_t n;

	for (;;) {
		n = read(log_fd, record, sizeof(record) - 1);
		if (n < 0 && errno == EPIPE) {
			complain("log overflowed: some of it was not checked");
			continue;
		}
		if (n <= 0)
			return;
		record[n] = '\0';
		kmsg_record(record);
	}
}

/* Reports the complaints since the last call on account of NAME. */
int kmsg_complaints(const char *name)
{
	int i, n;

	kmsg_read();
	announced_end();
	n = nr_complaints;
	for (i = 0; i < n; i++) {
		report("klog %s %s", name, complaints[i]);
		free(complaints[i]);
	}
	nr_complaints = 0;
	return n;
}
