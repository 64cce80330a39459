#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh LIST: the demo, in a guest that has the module freshly loaded. LIST
# holds the packages and versions of the host, KEY, tab, VALUE. Fails as soon as
# anything is not as it should be.

set -eu

LIST=$1
PACKAGES=$(wc -l <"$LIST")
BUMPERS=4
BUMPS=100000
OUT=$(mktemp -d)
trap 'rm -rf "$OUT"' EXIT

title() {
	printf '\n%s\n' "$*"
}

say() {
	printf '   %s\n' "$*"
}

wrong() {
	echo "kvs demo: WRONG: $*" >&2
	exit 1
}

# found WHAT FOUND WANTED
found() {
	[ "$2" = "$3" ] || wrong "$1 is '$2' instead of '$3'"
}

# What is expected of the statistics grows with what is done.
HITS=0
MISSES=0
PUTS=0
ADDS=0
DELETES=0
ENTRIES=0

load_packages() {
	title "1. Real input: the $PACKAGES packages of this machine's dpkg status"
	kvs load "$LIST" 2>"$OUT/loaded" || wrong "$(cat "$OUT/loaded")"
	say "kvs load: $(cat "$OUT/loaded")"
	grep -q "^loaded $PACKAGES entries " "$OUT/loaded" ||
		wrong "not all were loaded"
	PUTS=$((PUTS + PACKAGES))
	ENTRIES=$((ENTRIES + PACKAGES))
}

get_one() {
	IFS=$(printf '\t') read -r package version <"$LIST"
	found "the version of $package" "$(kvs get "$package")" "$version"
	say "kvs get $package: $version"
	HITS=$((HITS + 1))

	status=0
	kvs get 'no such package' 2>"$OUT/missing" || status=$?
	found "the status of a missing key" "$status" 1
	say "kvs get 'no such package': $(cat "$OUT/missing"), status 1"
	MISSES=$((MISSES + 1))
}

# look_up CARRIER HOW
look_up() {
	said=$(kvs-demo lookup "$LIST" "$1") || wrong "look-ups by $1"
	say "$1, $2: $said"
	HITS=$((HITS + PACKAGES))
}

look_all_up() {
	title "2. Every package looked up three times, each version compared"
	look_up ioctl "a system call each"
	look_up batch "a system call for up to 1024"
	look_up io_uring "128 commands in flight"
}

bump_counter() {
	title "3. One counter, to which $BUMPERS processes add 1 at the same time"
	said=$(kvs-demo bump visits $BUMPERS $BUMPS) || wrong "the counter"
	say "$said"
	found "kvs get visits" "$(kvs get visits)" $((BUMPERS * BUMPS))
	say "kvs get visits: $((BUMPERS * BUMPS))"
	ADDS=$((ADDS + BUMPERS * BUMPS))
	HITS=$((HITS + 2))
	ENTRIES=$((ENTRIES + 1))
}

# wait_for TEXT FILE: until a line of it says so
wait_for() {
	tries=600
	until grep -q "^$1" "$2"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || wrong "no '$1' came"
		sleep 0.1
	done
}

flip_flag() {
	title "4. A flag that one process flips and another one sees"
	kvs put flag off
	kvs-demo watch flag >"$OUT/watch" &
	watcher=$!
	wait_for waiting "$OUT/watch"
	kvs put flag on &
	flipper=$!
	wait $flipper || wrong "kvs put flag on"
	wait $watcher || wrong "the flag"
	looks=$(sed -n 's/ looks: .*//p' "$OUT/watch")
	say "process $flipper: kvs put flag on"
	say "$(sed -n 's/^.* looks: //p' "$OUT/watch"), after $looks looks"
	grep -q "saw 'off' become 'on'$" "$OUT/watch" || wrong "the flag"
	kvs del flag
	PUTS=$((PUTS + 2))
	HITS=$((HITS + looks))
	DELETES=$((DELETES + 1))
}

# figure LABEL WANTED: in /proc/kvs and in sysfs
figure() {
	proc=$(sed -n "s/^$1: //p" "$OUT/proc")
	read -r sys <"$OUT/sys/$1"
	printf '   %-17s %9s %9s %9s\n' "$1" "$2" "$proc" "$sys"
	found "$1 in /proc/kvs" "$proc" "$2"
	found "$1 in sysfs" "$sys" "$2"
}

read_statistics() {
	number=$(kvs info | sed -n 's/^number: //p')
	cp /proc/kvs "$OUT/proc"
	mkdir "$OUT/sys"
	cp "/sys/class/misc/kvs/stores/$number"/* "$OUT/sys/"
}

compare_statistics() {
	title "5. The statistics, which must tell what was done and nothing else"
	read_statistics
	printf '   %-17s %9s %9s %9s\n' '' 'done' /proc/kvs sysfs
	figure entries $ENTRIES
	figure puts $PUTS
	figure hits $HITS
	figure misses $MISSES
	figure adds $ADDS
	figure deletes $DELETES
	figure stats 0
	figure rejected_bytes 0
	figure rejected_entries 0
	figure rejected_memory 0
}

load_packages
get_one
look_all_up
bump_counter
flip_flag
compare_statistics
title "All of it is as it should be."
