// SPDX-License-Identifier: GPL-2.0-only
/* What sysfs and procfs count is what was done, exactly. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "crew.h"
#include "door_fixture.h"
#include "figures.h"
#include "size.h"
#include "steps.h"
#include "store.h"

#define KEY "stats.key"
#define MISSING "stats.missing"

/* The figures that only operations change. */
enum { HITS, MISSES, PUTS, DELETES, ADDS, STATS, ENTRIES, VERSION, COUNTED };

static const char *const labels[COUNTED] = {
	"hits", "misses", "puts",    "deletes",
	"adds", "stats",  "entries", "version",
};

static void snapshot(long long *figures)
{
	int i;

	for (i = 0; i < COUNTED; i++)
		figures[i] = figures_sysfs(labels[i]);
}

/* Since @before there came @want, in both places. */
static void expect_more(struct __test_metadata *_metadata,
			const long long *before, const long long *want)
{
	int i;

	for (i = 0; i < COUNTED; i++) {
		EXPECT_EQ(want[i], figures_sysfs(labels[i]) - before[i])
		{
			TH_LOG("%s in sysfs", labels[i]);
		}
		EXPECT_EQ(want[i], figures_procfs(labels[i]) - before[i])
		{
			TH_LOG("%s in procfs", labels[i]);
		}
	}
}

TEST_F(door, what_was_done)
{
	static const long long want[COUNTED] = {
		[HITS] = 4, [MISSES] = 5, [PUTS] = 3,	 [DELETES] = 1,
		[ADDS] = 7, [STATS] = 6,  [ENTRIES] = 1, [VERSION] = 11,
	};
	long long before[COUNTED];
	struct kvs_res res;
	char buf[64];
	int i;

	step_clear(&self->door, KEY);
	snapshot(before);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, step_put(&self->door, KEY, "value", &res));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, step_get(&self->door, KEY, buf, 64, &res));
	for (i = 0; i < 5; i++)
		EXPECT_EQ(-ENOENT,
			  step_get(&self->door, MISSING, buf, 64, &res));
	for (i = 0; i < 6; i++)
		EXPECT_EQ(0, door_do(&self->door, req_stat(KEY, NULL), &res));
	EXPECT_EQ(0, step_delete(&self->door, KEY, &res));
	for (i = 0; i < 7; i++)
		EXPECT_EQ(0,
			  door_do(&self->door, req_add_create(KEY, 1), &res));
	expect_more(_metadata, before, want);
	step_clear(&self->door, KEY);
	EXPECT_EQ(before[ENTRIES], figures_sysfs("entries"));
}

/* A GET that finds its key is a hit, whatever becomes of the copy. */
TEST_F(door, hits_of_all_sorts)
{
	static const long long want[COUNTED] = { [HITS] = 3 };
	long long before[COUNTED];
	struct kvs_res res;
	char buf[64];

	ASSERT_EQ(0, step_put(&self->door, KEY, "value", &res));
	snapshot(before);
	EXPECT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_EQ(-ERANGE, step_get(&self->door, KEY, buf, 1, &res));
	EXPECT_EQ(-EFAULT, step_get(&self->door, KEY, NULL, 64, &res));
	expect_more(_metadata, before, want);
	step_clear(&self->door, KEY);
}

/* What fails changes no figure. */
TEST_F(door, what_was_refused)
{
	static const long long none[COUNTED];
	struct kvs_req create = req_put_str(KEY, "value");
	struct kvs_req replace = req_put_str(MISSING, "value");
	struct kvs_req unknown = req_verb(KVS_WAIT, KEY);
	long long before[COUNTED];
	struct kvs_res res;

	create.flags |= KVS_F_CREATE;
	replace.flags |= KVS_F_REPLACE;
	ASSERT_EQ(0, step_put(&self->door, KEY, "value", &res));
	snapshot(before);
	EXPECT_EQ(-EEXIST, door_do(&self->door, create, &res));
	EXPECT_EQ(-ENOENT, door_do(&self->door, replace, &res));
	EXPECT_EQ(-EOPNOTSUPP, door_do(&self->door, unknown, &res));
	EXPECT_EQ(-EFAULT, door_do(&self->door, req_put(KEY, NULL, 9), &res));
	EXPECT_EQ(-ENOENT, step_delete(&self->door, MISSING, &res));
	EXPECT_EQ(-ENOENT, step_add(&self->door, MISSING, 1, &res));
	EXPECT_EQ(-EPROTOTYPE, step_add(&self->door, KEY, 1, &res));
	EXPECT_EQ(-ENOENT, door_do(&self->door, req_stat(MISSING, NULL), &res));
	EXPECT_EQ(-ESTALE, door_do(&self->door,
				   req_if_version(req_delete(KEY), 1), &res));
	expect_more(_metadata, before, none);
	step_clear(&self->door, KEY);
}

struct share {
	int fd;
	long count;
};

/* One of each kind in each round, on a key of its own. */
static int do_share(unsigned int member, void *arg)
{
	const struct share *share = arg;
	char key[16];
	long i;

	snprintf(key, sizeof(key), "stats.%u", member);
	for (i = 0; i < share->count; i++) {
		if (control_request(share->fd, req_put_str(key, "value")) ||
		    control_request(share->fd, req_get(key, NULL, 0)) ||
		    control_request(share->fd, req_stat(key, NULL)) ||
		    control_request(share->fd, req_delete(key)) ||
		    control_request(share->fd, req_add_create(key, 1)) ||
		    control_request(share->fd, req_delete(key)))
			return -1;
	}
	return 0;
}

TEST(what_many_did_at_once)
{
	struct share share = { .count = kvs_test_size("STATS_ROUNDS") };
	const long long done = 4 * share.count;
	const long long want[COUNTED] = {
		[HITS] = done, [PUTS] = done,  [DELETES] = 2 * done,
		[ADDS] = done, [STATS] = done, [VERSION] = 4 * done,
	};
	long long before[COUNTED];

	share.fd = control_open_default(O_RDWR);
	ASSERT_LE(0, share.fd);
	snapshot(before);
	EXPECT_EQ(0, crew_threads(4, do_share, &share));
	expect_more(_metadata, before, want);
	close(share.fd);
}

/* What STAT says an entry is charged, the store is charged. */
TEST(bytes)
{
	static const __u32 lens[] = { 0, 1, 100, 256, 257, 5000, 1 << 20 };
	int fd = control_open_default(O_RDWR);
	char *value = calloc(1, 1 << 20);
	long long before, charged;
	struct kvs_stat stat;
	size_t i;

	ASSERT_LE(0, fd);
	ASSERT_NE(NULL, value);
	control_request(fd, req_delete(KEY));
	ASSERT_TRUE(figures_fall_to("waiting_bytes", 0, 10));
	before = figures_sysfs("bytes");
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		ASSERT_EQ(0, control_request(fd, req_put(KEY, value, lens[i])));
		ASSERT_EQ(0, control_request(fd, req_stat(KEY, &stat)));
		charged = stat.charged;
		EXPECT_GT(charged, lens[i] + 7);
		EXPECT_LE(charged, lens[i] + lens[i] / 2 + 8192);
		EXPECT_TRUE(figures_fall_to("bytes", before + charged, 10));
		EXPECT_EQ(before + charged, figures_sysfs("bytes"));
		EXPECT_EQ(0, control_request(fd, req_delete(KEY)));
		EXPECT_TRUE(figures_fall_to("bytes", before, 10));
		EXPECT_EQ(before, figures_sysfs("bytes"));
	}
	free(value);
	close(fd);
}

TEST(sysfs_files)
{
	static const char *const files[] = {
		"entries",
		"bytes",
		"waiting_bytes",
		"table_bytes",
		"max_bytes",
		"max_entries",
		"max_value",
		"version",
		"hits",
		"misses",
		"puts",
		"deletes",
		"adds",
		"stats",
		"rejected_bytes",
		"name",
		"rejected_entries",
		"rejected_memory",
		"id",
	};
	char path[256], text[64];
	struct stat st;
	size_t i;
	int len;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", FIGURES_SYSFS, files[i]);
		len = figures_read_file(path, text, sizeof(text));
		ASSERT_LT(1, len)
		{
			TH_LOG("%s", files[i]);
		}
		EXPECT_EQ(text + len - 1, strchr(text, '\n'));
		ASSERT_EQ(0, stat(path, &st));
		EXPECT_EQ(0440, (int)st.st_mode & 0777);
	}
	figures_read_file(FIGURES_SYSFS "/name", text, sizeof(text));
	EXPECT_STREQ("default\n", text);
}

TEST(figures_of_info)
{
	int fd = control_open_default(O_RDWR);
	struct kvs_info info;
	char text[64], id[64];

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_EQ((long long)info.max_bytes, figures_sysfs("max_bytes"));
	EXPECT_EQ((long long)info.max_entries, figures_sysfs("max_entries"));
	EXPECT_EQ((long long)info.max_value, figures_sysfs("max_value"));
	EXPECT_EQ((long long)info.version, figures_sysfs("version"));
	EXPECT_EQ(0U, info.store_number);
	EXPECT_LT(0, figures_sysfs("table_bytes"));
	figures_read_file(FIGURES_SYSFS "/id", text, sizeof(text));
	snprintf(id, sizeof(id), "%016llx\n", info.store_id);
	EXPECT_STREQ(id, text);
	close(fd);
}

/* A block per store: "store: NAME", then lines of a label and a value. */
TEST(procfs_form)
{
	char text[4096], *line, *rest;
	unsigned int lines = 0;
	int len;

	len = figures_read_file(FIGURES_PROCFS, text, sizeof(text));
	ASSERT_LT(0, len);
	EXPECT_EQ('\n', text[len - 1]);
	EXPECT_EQ(0, strncmp(text, "store: default\n", 15));
	EXPECT_EQ(0, figures_procfs("number"));
	rest = text;
	while ((line = strsep(&rest, "\n")) && *line) {
		char *value = strstr(line, ": ");

		ASSERT_NE(NULL, value)
		{
			TH_LOG("%s", line);
		}
		EXPECT_LT(line, value);
		EXPECT_NE('\0', value[2]);
		lines++;
	}
	EXPECT_LE(19U, lines);
}

/* STATS, sysfs and /proc/kvs say the same. */
TEST(three_views_of_a_store)
{
	struct kvs_store_stats stats;
	int fd = store_make("stats.store");
	struct kvs_info info;
	struct kvs_stat stat;
	size_t i;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	ASSERT_EQ(0, control_request(fd, req_put_str("a", "value")));
	ASSERT_EQ(0, control_request(fd, req_put_str("b", "value")));
	ASSERT_EQ(0, control_request(fd, req_add_create("n", 1)));
	ASSERT_EQ(0, control_request(fd, req_get("a", NULL, 0)));
	ASSERT_EQ(0, store_flush(fd));
	ASSERT_EQ(0, control_request(fd, req_put_str("a", "value")));
	EXPECT_EQ(-ENOENT, control_request(fd, req_delete("b")));
	/* What was flushed waits for a grace period and a worker */
	ASSERT_EQ(0, control_request(fd, req_stat("a", &stat)));
	ASSERT_TRUE(store_falls_to(fd, stat.charged, 10));
	ASSERT_EQ(0, store_stats(fd, &stats));
	EXPECT_EQ(0ULL, stats.waiting_bytes);
	EXPECT_EQ(1ULL, stats.entries);
	EXPECT_EQ(3ULL, stats.puts);
	EXPECT_EQ(1ULL, stats.adds);
	EXPECT_EQ(1ULL, stats.hits);
	EXPECT_EQ(1ULL, stats.flushes);
#define SAME(name)                \
	{                         \
#name, stats.name \
	}
	const struct {
		const char *label;
		__u64 value;
	} rows[] = { SAME(entries),
		     SAME(bytes),
		     SAME(waiting_bytes),
		     SAME(table_bytes),
		     SAME(max_bytes),
		     SAME(max_entries),
		     SAME(max_value),
		     SAME(version),
		     SAME(hits),
		     SAME(misses),
		     SAME(puts),
		     SAME(deletes),
		     SAME(adds),
		     SAME(xchgs),
		     SAME(bitops),
		     SAME(buckets),
		     SAME(refusals),
		     SAME(touches),
		     SAME(expired),
		     SAME(stats),
		     SAME(rejected_bytes),
		     SAME(rejected_entries),
		     SAME(rejected_memory),
		     SAME(rejected_quota),
		     SAME(flushes),
		     SAME(publishes),
		     SAME(txns),
		     SAME(misses_expired),
		     SAME(rejected_value),
		     SAME(evictions),
		     SAME(evicted_unfetched),
		     SAME(pinned_bytes),
		     SAME(max_pinned),
		     SAME(scans) };
#undef SAME
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ((long long)rows[i].value,
			  figures_sysfs_of(info.store_number, rows[i].label))
		{
			TH_LOG("%s", rows[i].label);
		}
		EXPECT_EQ((long long)rows[i].value,
			  figures_procfs_of("stats.store", rows[i].label))
		{
			TH_LOG("%s", rows[i].label);
		}
	}
	close(fd);
	store_clear("stats.store");
}

TEST_HARNESS_MAIN
