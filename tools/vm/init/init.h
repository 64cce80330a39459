/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * init of the test guest: what its files share.
 */
#ifndef KVS_VM_INIT_H
#define KVS_VM_INIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>
#include <sys/types.h>

#define INIT_MAX_TESTS 512
#define INIT_MAX_COUNTERS 512

/* A program of a suite. */
struct test {
	char *path;
	bool single; /* keeps to one processor */
};

/* What the host asks for, see job.c. */
struct job {
	char *text;
	char *nonce;
	char *mode;
	char *command;
	char *module;
	char *module_options;
	char *args;
	char *drivers[32];
	int nr_drivers;
	struct test tests[INIT_MAX_TESTS];
	int nr_tests;
	int timeout;
	int cycles; /* of loading and unloading, at the end of a suite */
	bool leaks;
	int rows;
	int columns;
};

/* How a program ended. */
struct outcome {
	int status;
	bool timed_out;
	bool stuck;
	bool flooded;
	long ms;
};

/* How much is in use of what. */
struct counter {
	const char *kind;
	char name[64];
	long value;
};

struct counters {
	int nr;
	struct counter list[INIT_MAX_COUNTERS];
};

void job_read(struct job *job, const char *path);

void ports_open(const char *nonce);
void port_output(int which, const char *buf, size_t len);
size_t port_written(void);
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

void kmsg_open(void);
int kmsg_fd(void);
void kmsg_skip(void);
void kmsg_read(void);
int kmsg_complaints(const char *name);

void program_run(char *const argv[], int timeout, size_t most,
		 struct outcome *out);
void program_run_on_tty(char *const argv[], struct outcome *out);

int module_load(const char *path, const char *options);
int module_unload(const char *name);

int leak_scan(const char *name);

void counters_read(struct counters *set);
int counters_grown(const struct counters *before, const struct counters *now,
		   const char *kind, long least, const char *name);

void cycles_run(const struct job *job, int cycles);
void suite_step(const char *name, int err);
void suite_run(const struct job *job);

noreturn void fail(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
noreturn void power_off(void);
long now_ms(void);

#endif
