// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/kvs: a block of "label: value" lines per store, the first one "store:
 * NAME", blocks separated by an empty line; documented in ABI-procfs-kvs beside
 * this file. Labels may be added; programs should look for those they know.
 */
#include <linux/capability.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/user_namespace.h>

#include "figures.h"
#include "namespace.h"
#include "procfs.h"
#include "store.h"

static void kvs_procfs_show_store(struct seq_file *m, struct kvs_store *store)
{
	struct kvs_store_snapshot snap;
	int i;

	kvs_store_snapshot(store, &snap);
	if (m->count)
		seq_putc(m, '\n');
	seq_printf(m, "store: %s\n", store->name);
	seq_printf(m, "number: %u\n", store->number);
	for (i = 0; i < KVS_FIGURES; i++)
		seq_printf(m, "%s: %llu\n", kvs_figures[i].label,
			   kvs_figure_value(&kvs_figures[i], &snap));
}

/* Each namespace sees its own; who administers the initial one sees all. */
static bool kvs_procfs_may_see(struct seq_file *m, struct kvs_store *store)
{
	struct user_namespace *user_ns = kvs_namespace_user(store);

	if (!user_ns)
		return false;
	put_user_ns(user_ns);
	return seq_user_ns(m) == user_ns ||
	       file_ns_capable(m->file, &init_user_ns, CAP_SYS_ADMIN);
}

static int kvs_procfs_show(struct seq_file *m, void *unused)
{
	struct kvs_store *store;
	unsigned long number = 0;

	while ((store = kvs_namespace_next(NULL, number))) {
		number = store->number + 1UL;
		if (kvs_procfs_may_see(m, store))
			kvs_procfs_show_store(m, store);
		kvs_store_put(store);
		cond_resched();
	}
	return 0;
}

int kvs_procfs_init(void)
{
	if (!proc_create_single("kvs", 0444, NULL, kvs_procfs_show))
		return -ENOMEM;
	return 0;
}

void kvs_procfs_exit(void)
{
	remove_proc_entry("kvs", NULL);
}
