#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kvs store: stores are made, listed, altered, flushed and destroyed.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

NOT_YOURS="only its owner and root may do that: 'kvs store list' tells who that is"

# listed NAME MEMBER: what the list has of a store, into LISTED, or nothing
listed() {
	run kvs store list --json
	status_is 0
	json
	LISTED=
	LISTED_AT=$(sed -n "s/^\"\(stores.*\)\.store\"=\"$1\"$/\1/p" json)
	[ -z "$LISTED_AT" ] || LISTED=$(awk -v at="\"$LISTED_AT.$2\"=" \
		'index($0, at) == 1 { print substr($0, length(at) + 1) }' json)
}

# listed_is NAME MEMBER VALUE
listed_is() {
	listed "$1" "$2"
	[ "$LISTED" = "$3" ] || fail "$2 of $1 is '$LISTED' instead of '$3'"
}

testing "what there is from the start"
run kvs store list
status_is 0
no_error
output_has '^number mode  *owner  *group  *entries  *bytes  *max_bytes store$'
output_has '^ *0  666  *0  *0  *[0-9]*  *[0-9]*  *[0-9]* default (ordered)$'
listed_is default mode '"0666"'
listed_is default owner 0

testing "create, use, destroy"
run kvs store create s-one
done_with
must kvs put key here --store s-one
run kvs get key --store s-one
done_with here
run kvs get key
refused 1 "kvs: key: not found"
listed_is s-one entries 1
listed_is default entries 0
run kvs store destroy s-one
done_with
run kvs get key --store s-one
refused 3 "kvs: there is no store 's-one': 'kvs store list' lists those there are"
listed_is s-one entries ''

testing "a store that is there already"
must kvs store create s-twice
run kvs store create s-twice
refused 1 "kvs: store 's-twice' exists already: 'kvs store alter' changes it"
run kvs store create default
refused 1 "kvs: store 'default' exists already: 'kvs store alter' changes it"

testing "a store made again is empty, with another identity"
must kvs put key here --store s-twice
FIRST=$(kvs info --store s-twice | sed -n 's/^store_id: //p')
must kvs store destroy s-twice
must kvs store create s-twice
SECOND=$(kvs info --store s-twice | sed -n 's/^store_id: //p')
[ "$FIRST" != "$SECOND" ] || fail "$FIRST twice"
run kvs get key --store s-twice
refused 1 "kvs: key: not found"

testing "stores that are not there"
for command in flush publish destroy "alter --mode 600"; do
	# shellcheck disable=SC2086 # a command line
	run kvs store $command s-none
	refused 1 "kvs: there is no store 's-none': 'kvs store list' lists those there are"
done

testing "properties of a new store"
run kvs store create s-made --mode 0640 --owner 1000 --group 1000 \
	--max-bytes 1M --max-entries 3 --max-value 64 --json
status_is 0
no_error
json
json_names store number store_id index mode owner group namespace_owner \
	entries bytes max_entries max_bytes max_value policy
json_is policy '"reject"'
json_is store '"s-made"'
json_is mode '"0640"'
json_is owner 1000
json_is group 1000
json_is max_bytes 1048576
json_is max_entries 3
json_is max_value 64
json_is entries 0

testing "root alters what is another's, and does not read it"
run kvs get a --store s-made
refused 3 "kvs: a: permission denied by the store: 'kvs info' tells your rights"
must kvs store alter s-made --mode 0666
run kvs get a --store s-made
refused 1 "kvs: a: not found"

testing "the limits hold"
repeated 65 v >long
run_on long kvs put key - --store s-made
refused 3 "kvs: key: the value is too long: 'kvs info' tells the limit"
for key in a b c; do
	must kvs put $key v --store s-made
done
run kvs put d v --store s-made
refused 3 "kvs: d: the store, its pins or the module is full: delete entries, or see 'kvs store alter'"
must kvs store alter s-made --max-entries 4
run kvs put d v --store s-made
done_with
must kvs put key v

testing "limits below what there is"
must kvs store alter s-made --max-entries 2 --max-value 8
run kvs get a --store s-made
done_with v
run kvs put e v --store s-made
status_is 3
run kvs put a w --store s-made
done_with
for key in a b c; do
	must kvs del $key --store s-made
done
run kvs put e v --store s-made
done_with

testing "alter changes what is given, and nothing else"
run kvs store alter s-made --mode 604 --json
status_is 0
json
json_is mode '"0604"'
json_is owner 1000
json_is max_entries 2
json_is max_value 8
run kvs store alter s-made --mode 644
done_with

testing "a store that evicts"
must kvs store create s-cache --policy evict --max-entries 3 --max-pinned 64k
run kvs store list
output_has 's-cache (evicts)$'
must kvs store create s-both --policy evict --index
run kvs store list
output_has 's-both (ordered) (evicts)$'
must kvs store destroy s-both
must kvs put a v --store s-cache --pin
for key in b c d e f; do
	must kvs put $key v --store s-cache
done
run kvs get c --store s-cache
refused 1 "kvs: c: not found"
run kvs get a --store s-cache
done_with v
run kvs stats --store s-cache --json
json
json_is evictions 3
json_is evicted_unfetched 3
json_is entries 3
json_is max_pinned 65536
run kvs store alter s-cache --policy reject --json
json
json_is policy '"reject"'
run kvs put g v --store s-cache
status_is 3
run kvs store alter s-cache --policy forget
refused 2 "kvs store alter: --policy 'forget' is not reject or evict (see 'kvs help store alter')"
must kvs store destroy s-cache

testing "properties out of their range"
run kvs store create s-bad --max-value 7
refused 2 "kvs store create: 's-bad' is no name, or a property out of its range (see 'kvs help store create')"
run kvs store create s-bad --max-value 17M
status_is 2
run kvs store alter s-made --max-value 17M
refused 3 "kvs: store 's-made': a property is out of its range, or it is a staging store: alter its store then"
listed_is s-bad mode ''
listed_is s-made max_value 8

testing "flush"
must kvs put one 1 --store s-twice
must kvs incr two --store s-twice
VERSION=$(kvs info --store s-twice | sed -n 's/^version: //p')
run kvs store flush s-twice --json
status_is 0
json
json_names store version
json_is store '"s-twice"'
json_number version
[ "$NUMBER" -gt "$VERSION" ] || fail "$NUMBER follows $VERSION"
for key in one two; do
	run kvs get $key --store s-twice
	refused 1 "kvs: $key: not found"
done
run kvs put one again --store s-twice --json
json
VERSION=$NUMBER
json_number version
[ "$NUMBER" -gt "$VERSION" ] || fail "$NUMBER follows $VERSION"
run kvs store flush default
done_with
run kvs get key
refused 1 "kvs: key: not found"

testing "default of the host stays"
run kvs store destroy default
refused 3 "kvs: store 'default' stays: 'kvs store flush default' empties it"
run kvs put key v
done_with

testing "a store by its number"
NUMBER=$(kvs info --store s-twice | sed -n 's/^number: //p')
run kvs get one --store "#$NUMBER"
done_with again
run kvs info --store "#$NUMBER"
output_has '^store: s-twice$'
run kvs store flush "#$NUMBER"
done_with
run kvs get one --store "#$NUMBER"
refused 1 "kvs: one: not found"
run kvs get one --store '#4294967295'
refused 3 "kvs: there is no store '#4294967295': 'kvs store list' lists those there are"

testing "many stores"
for i in $(seq 40); do
	must kvs store create "s-many.$i"
done
run kvs store list
FOUND=$(grep -c ' s-many\.[0-9]*$' out)
[ "$FOUND" = 40 ] || fail "$FOUND of 40 are listed"
awk 'NR > 1 { print $1 }' out >numbers
sort -n numbers >sorted
same_bytes "the order" numbers sorted
for i in $(seq 40); do
	must kvs store destroy "s-many.$i"
done

testing "permission bits"
chmod 755 "$T"
reload_with mode=0660 gid=1000
must kvs store create s-bits --mode 0
run_as kvs kvs get key --store s-bits
refused 3 "kvs: store 's-bits': permission denied: 'kvs store alter s-bits --mode' of its owner lets you in"
must kvs store alter s-bits --group 1000 --mode 0640
must kvs put key v --store s-bits
run_as kvs kvs get key --store s-bits
done_with v
run_as kvs kvs put key w --store s-bits
status_is 3
must kvs store alter s-bits --mode 0610
must kvs incr number --store s-bits
run_as kvs kvs info --store s-bits
output_has '^rights: count$'
run_as kvs kvs get key --store s-bits
status_is 3
must kvs store alter s-bits --mode 0620
run_as kvs kvs put key w --store s-bits
done_with

testing "a user's own store"
run_as kvs kvs store create s-user
done_with
listed_is s-user owner 1000
run_as kvs kvs info --store s-user
output_has '^rights: read write count list admin$'
run_as kvs kvs store alter s-user --mode 0644
done_with
run_as kvs kvs store flush s-user
done_with
run_as kvs kvs store alter s-user --owner 0
refused 3 "kvs: store 's-user': only root gives it to another user, or to a group that you are not in"
run_as kvs kvs store create s-given --owner 0
refused 3 "kvs: store 's-given': only root gives it to another user, or to a group that you are not in"

testing "what is another's"
must kvs store create s-root --mode 0666
for command in flush publish destroy "alter --mode=600"; do
	# shellcheck disable=SC2086 # a command line
	run_as kvs kvs store $command s-root
	refused 3 "kvs: store 's-root': $NOT_YOURS"
done
run_as kvs kvs store create s-next --staging-of s-root
refused 3 "kvs: store 's-root': only its owner and root make a staging store for it"
must kvs store flush s-user
must kvs store destroy s-user

testing "numbers and all namespaces are root's"
run_as kvs kvs get key --store "'#0'"
status_is 3
error_is "kvs: store '#0': permission denied: only root of the host uses numbers; use the name"
run_as kvs kvs store list --all
refused 3 "kvs: permission denied: only root of the host lists all user namespaces; leave out --all"

finished
