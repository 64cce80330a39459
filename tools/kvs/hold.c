// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs hold: the stores of a user namespace other than the initial one end with
 * the last handle that was opened there. Here is one.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "compiler.h"
#include "json.h"
#include "store.h"

/* What env(1) and the shells answer for a command that could not be run */
#define STATUS_NOT_RUN 126
#define STATUS_NOT_THERE 127
#define STATUS_SIGNALLED 128

/* Waited for from now on. What the caller lets be ignored stays ignored. */
static void block_signals(sigset_t *set, sigset_t *before)
{
	static const int ends[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct sigaction action;
	size_t i;

	sigemptyset(set);
	for (i = 0; i < ARRAY_SIZE(ends); i++)
		if (!sigaction(ends[i], NULL, &action) &&
		    action.sa_handler != SIG_IGN)
			sigaddset(set, ends[i]);
	signal(SIGCHLD, SIG_DFL);
	sigaddset(set, SIGCHLD);
	sigprocmask(SIG_BLOCK, set, before);
}

__noreturn static void become(char **words, const sigset_t *mask)
{
	int err;

	/* output_init() has it ignored. */
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(words[0], words);
	err = errno;
	message("cannot run %s: %s", words[0], strerror(err));
	_exit(err == ENOENT ? STATUS_NOT_THERE : STATUS_NOT_RUN);
}

/* What a terminal sends, the command gets anyway. */
static int wait_for(pid_t pid, const sigset_t *set)
{
	siginfo_t info;
	int status;

	for (;;) {
		if (sigwaitinfo(set, &info) < 0)
			continue;
		if (info.si_signo != SIGCHLD) {
			if (info.si_code != SI_KERNEL)
				kill(pid, info.si_signo);
		} else if (waitpid(pid, &status, WNOHANG) == pid) {
			return status;
		}
	}
}

static int run_command(char **words)
{
	sigset_t set, before;
	int status;
	pid_t pid;

	block_signals(&set, &before);
	pid = fork();
	if (pid < 0)
		die(STATUS_FAILED, "cannot run %s: %s", words[0],
		    strerror(errno));
	if (!pid)
		become(words, &before);
	status = wait_for(pid, &set);
	if (WIFSIGNALED(status))
		return STATUS_SIGNALLED + WTERMSIG(status);
	return WEXITSTATUS(status);
}

/* Who started this may wait for the line to know that it holds. */
static void tell(const struct args *args, const struct kvs *kvs)
{
	struct json_object *object;

	if (!args->json) {
		printf("holding %s\n", store_name(args));
		fflush(stdout);
		return;
	}
	object = json_new();
	json_add_text(object, "store", store_name(args));
	json_add_bool(object, "made", kvs_store_made(kvs));
	json_print(object);
	fflush(stdout);
}

static void wait_for_end(const sigset_t *set)
{
	int number;

	do {
		if (sigwait(set, &number))
			number = SIGCHLD;
	} while (number == SIGCHLD);
}

/* Who reads the line may send a signal at once. */
static void hold_alone(const struct args *args, const struct kvs *kvs)
{
	sigset_t set, before;

	block_signals(&set, &before);
	tell(args, kvs);
	wait_for_end(&set);
}

enum status command_hold(struct args *args)
{
	int status = STATUS_DONE;
	struct kvs *kvs;

	args_read(args);
	args->operands[args->count] = NULL;
	kvs = store_hold(args);
	if (args->count) {
		/* Not one of ours, but what main() returns. */
		status = run_command(args->operands);
	} else {
		hold_alone(args, kvs);
	}
	kvs_close(kvs);
	return status;
}
