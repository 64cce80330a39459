/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trial: a command under which each of its allocations fails once, the first
 * one, then the second one, until there is none left to fail.
 */
#ifndef KVS_TEST_TRIAL_H
#define KVS_TEST_TRIAL_H

#include <kselftest_harness.h>

#include "fault.h"

/* No command makes so many. */
#define TRIAL_MOST 2000

struct trial {
	const char *door;
	const char *name;
	bool allocates;
	/* Each attempt is the first to need something */
	bool first;
	/* But when it fails there is another way */
	bool untold;
	/* Makes the state that the command finds, and takes it down */
	void (*before)(void *arg);
	/* The command; its status */
	int (*run)(void *arg);
	/* After a status that says so: is the state as it was taken down? */
	bool (*unchanged)(void *arg);
	void *arg;
};

struct trial_count {
	unsigned int failed; /* allocations */
	unsigned int told; /* of those, that the caller was told of */
};

/*
 * One attempt: false when there was nothing left to fail. An allocation that
 * fails untold was made by somebody who knows another way.
 */
static inline bool trial_next(struct __test_metadata *_metadata,
			      const struct trial *trial,
			      struct trial_count *count)
{
	bool happened;
	int status;

	/* What others are doing yet shall not be counted */
	usleep(1000);
	faults_arm(count->failed + 1);
	status = trial->run(trial->arg);
	happened = faults_happened();
	if (happened)
		count->failed++;
	if (!status) {
		if (happened)
			trial->before(trial->arg);
		return happened;
	}
	count->told++;
	EXPECT_TRUE(happened);
	EXPECT_EQ(-ENOMEM, status)
	{
		TH_LOG("%s: %s: allocation %u", trial->door, trial->name,
		       count->failed);
	}
	EXPECT_TRUE(trial->unchanged(trial->arg))
	{
		TH_LOG("%s: %s: allocation %u left something", trial->door,
		       trial->name, count->failed);
	}
	return happened;
}

static inline void trial_run(struct __test_metadata *_metadata,
			     const struct trial *trial)
{
	struct trial_count count = {};

	trial->before(trial->arg);
	/* The first of its size has a cache made for it */
	if (trial->allocates && !trial->first) {
		EXPECT_EQ(0, trial->run(trial->arg));
		trial->before(trial->arg);
	}
	while (trial_next(_metadata, trial, &count))
		ASSERT_GT(TRIAL_MOST, count.failed);
	printf("# %s: %s: %u allocations failed, %u told\n", trial->door,
	       trial->name, count.failed, count.told);
	EXPECT_EQ(trial->allocates, count.failed != 0);
	EXPECT_EQ(trial->allocates && !trial->untold, count.told != 0);
}

static inline int trial_main(int argc, char **argv)
{
	const char *possible = getenv("KVS_KERNEL_FAULTS");

	if (!possible || strcmp(possible, "yes"))
		ksft_exit_skip("no faults in this kernel\n");
	if (!fault_possible())
		ksft_exit_fail_msg("this kernel should have faults\n");
	return test_harness_run(argc, argv);
}

#endif /* KVS_TEST_TRIAL_H */
