#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kvs store publish: a store gets other contents in one step.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

# version_of STORE: its last version
version_of() {
	kvs info --store "$1" | sed -n 's/^version: //p'
}

testing "without a staging store"
must kvs store create p-flags --mode 0640 --max-entries 1000
run kvs store publish p-flags
refused 1 "kvs: store 'p-flags' has no staging store: 'kvs store create NAME --staging-of p-flags' makes one"

testing "a staging store has the properties of its store"
run kvs store create p-next --staging-of p-flags --json
status_is 0
json
json_is mode '"0640"'
json_is max_entries 1000
NUMBER=$(kvs info --store p-flags | sed -n 's/^number: //p')
json_is staging_of "$NUMBER"
run kvs store list
output_has " p-next (staging of #$NUMBER)\$"

testing "one at most, and none of its own"
run kvs store create p-other --staging-of p-flags
refused 1 "kvs: store 'p-other' exists, or 'p-flags' has a staging store already: 'kvs store list' tells"
run kvs store create p-other --staging-of p-next
refused 3 "kvs: 'p-next' is itself a staging store, or 'p-other' names no store"
run kvs store create p-other --staging-of p-none
refused 1 "kvs: there is no store 'p-none': 'kvs store list' lists those there are"

testing "the two are apart until they are published"
must kvs put a old --store p-flags
must kvs put gone old --store p-flags
must kvs put a new --store p-next
must kvs put added new --store p-next
run kvs get a --store p-flags
done_with old
run kvs get a --store p-next
done_with new

testing "they draw versions from one counter"
[ "$(version_of p-flags)" = "$(version_of p-next)" ] ||
	fail "$(version_of p-flags) and $(version_of p-next)"
BEFORE=$(version_of p-flags)

testing "publish"
run kvs store publish p-flags --json
status_is 0
no_error
json
json_names store version
json_is store '"p-flags"'
json_number version
[ "$NUMBER" -gt "$BEFORE" ] || fail "$NUMBER follows $BEFORE"
run kvs get a --store p-flags
done_with new
run kvs get added --store p-flags
done_with new
run kvs get gone --store p-flags
refused 1 "kvs: gone: not found"
run kvs get gone --store p-next
done_with old

testing "publish goes back"
run kvs store publish p-flags
done_with
run kvs get a --store p-flags
done_with old
run kvs get a --store p-next
done_with new

testing "flush empties the one that is named"
must kvs store flush p-next
run kvs get a --store p-next
refused 1 "kvs: a: not found"
run kvs get a --store p-flags
done_with old

testing "what is altered is altered for both"
must kvs store alter p-flags --max-entries 5
run kvs info --store p-next
output_has '^max_entries: 5$'
run kvs store alter p-next --max-entries 6
refused 3 "kvs: store 'p-next': a property is out of its range, or it is a staging store: alter its store then"
must kvs store alter p-flags --max-entries 1000

testing "in use"
run kvs store destroy p-flags
refused 3 "kvs: store 'p-flags' has a staging store: destroy that first"

testing "readers see all of the one or all of the other"
must kvs put left 0 --store p-flags
must kvs put right 0 --store p-flags
must kvs put left 1 --store p-next
must kvs put right 1 --store p-next
printf '\nget left\nget right\n' >both
for _ in $(seq 60); do
	kvs txn both --store p-flags | awk '{ print $3 }' | tr -d '\n'
	echo
done >seen &
for _ in $(seq 60); do
	must kvs store publish p-flags
done
wait
sort -u seen | grep -vx '00\|11' >torn
[ ! -s torn ] || fail "left and right: $(cat torn)"
[ "$(wc -l <seen)" = 60 ] || fail "$(wc -l <seen) of 60 looked"

testing "of the two the staging store can go"
run kvs store destroy p-next
done_with
run kvs store publish p-flags
status_is 1
run kvs store destroy p-flags
done_with

finished
