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
SWAPS=10000
MOVES=5000
COINS=12000
FLAGS=500
CARTS=100
HOT=10
ROUNDS=5
PAGES=600
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
TOUCHES=0
BUCKETS=0
REFUSALS=0
TXNS=0
SCANS=0
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

# hundredths: of seconds, since the guest was started
hundredths() {
	IFS='. ' read -r whole part _ </proc/uptime
	echo $((whole * 100 + ${part#0}))
}

# in_seconds HUNDREDTHS
in_seconds() {
	printf '%d.%02d s' $(($1 / 100)) $(($1 % 100))
}

# Its time is longer than a busy host lets the guest stand still.
slide_session() {
	title "5. A session that ends 3 s after its last use"
	kvs put session alice --ttl 3s
	start=$(hundredths)
	looks=0
	while [ $(($(hundredths) - start)) -lt 400 ]; do
		found "the session" "$(kvs get session --ttl 3s)" alice
		looks=$((looks + 1))
		sleep 0.5
	done
	say "kvs get session --ttl 3s, $looks times in $(in_seconds \
		$(($(hundredths) - start))): alice each time"
	sleep 3
	status=0
	kvs get session 2>"$OUT/missing" || status=$?
	found "the status of a session that is over" "$status" 1
	say "3 s later: $(cat "$OUT/missing"), status 1"
	PUTS=$((PUTS + 1))
	HITS=$((HITS + looks))
	TOUCHES=$((TOUCHES + looks))
	MISSES=$((MISSES + 1))
}

# ask KEY RATE BURST: asks once and counts; what was answered stands in answer
ask() {
	status=0
	answer=$(kvs allow "$1" --rate "$2" --burst "$3" 2>"$OUT/ask") ||
		status=$?
	case $status in
	0)
		found "the answer" "$answer" allowed
		BUCKETS=$((BUCKETS + 1))
		;;
	1) REFUSALS=$((REFUSALS + 1)) ;;
	*) wrong "kvs allow: $(cat "$OUT/ask")" ;;
	esac
	return $status
}

limit_rate() {
	title "6. A limit for requests: so many at once, then so many in a time"
	allowed=0
	for request in 1 2 3 4 5 6 7 8; do
		if ask reset-mail 5/h 5; then
			allowed=$((allowed + 1))
		fi
	done
	found "the number of requests that were allowed" $allowed 5
	say "kvs allow reset-mail --rate 5/h --burst 5, 8 times: 5 allowed"
	say "$(sed 's/^kvs: //' "$OUT/ask")"
	kvs del reset-mail
	DELETES=$((DELETES + 1))

	start=$(hundredths)
	waits=0
	for request in 1 2 3 4 5 6 7 8; do
		until ask api 3/s 2; do
			waits=$((waits + 1))
			sleep "$answer"
		done
	done
	took=$(($(hundredths) - start))
	say "8 requests at 3 a second and 2 at once: $(in_seconds $took)," \
		"told to wait $waits times"
	[ $took -ge 199 ] || wrong "$request requests took less than 2 s"
	# What it holds is worthless as soon as the bucket is full.
	sleep 1
}

swap_text() {
	title "7. A text that $BUMPERS processes change: read, change, write back if nobody was faster"
	kvs put text '0 changes'
	said=$(kvs-demo swap text $BUMPERS $SWAPS) || wrong "the text"
	say "$said"
	text=$(kvs get text)
	found "the text" "${text%, last by *}" "$((BUMPERS * SWAPS)) changes"
	say "kvs get text: $text; none was lost"
	kvs del text
	PUTS=$((PUTS + BUMPERS * SWAPS + 1))
	HITS=$((HITS + BUMPERS * SWAPS + ${said%% *} + 2))
	DELETES=$((DELETES + 1))
}

# transfer AMOUNT: from alice to bob, if she has it; else what she has is told
transfer() {
	cat >"$OUT/transfer" <<-END
		number alice > $(($1 - 1))

		incr alice -$1
		incr bob $1

		get alice
	END
	status=0
	kvs txn "$OUT/transfer" >"$OUT/answer" 2>"$OUT/why" || status=$?
	answer=$(tr '\t\n' ' ;' <"$OUT/answer")
	TXNS=$((TXNS + 1))
}

move_coins() {
	title "8. Transfers between two counters: both sides of it, or none if there is not enough"
	kvs put alice $COINS --counter
	kvs put bob 0 --counter
	transfer $((COINS + 1))
	found "the status of a transfer of too much" "$status" 1
	found "its answer" "$answer" "else;get alice $COINS;"
	say "kvs txn, $((COINS + 1)) of $COINS: $(sed 's/^.*: //' "$OUT/why"), $answer status 1"
	transfer 2000
	found "the status of a transfer" "$status" 0
	found "its answer" "$answer" \
		"then;incr alice $((COINS - 2000));incr bob 2000;"
	say "kvs txn, 2000 of $COINS: $answer status 0"

	said=$(kvs-demo transfer alice bob $BUMPERS $MOVES) || wrong "the transfers"
	say "1 at a time: $said"
	found "kvs get bob" "$(kvs get bob)" $COINS
	kvs del alice
	kvs del bob
	PUTS=$((PUTS + 2))
	ADDS=$((ADDS + 2 + 2 * (COINS - 2000)))
	TXNS=$((TXNS + BUMPERS * MOVES))
	HITS=$((HITS + 5))
	DELETES=$((DELETES + 2))
}

# flag_set VALUE: lines to load
flag_set() {
	for flag in $(seq $FLAGS); do
		printf 'flag-%d\t%s\n' "$flag" "$1"
	done
}

publish_flags() {
	title "9. $FLAGS flags that change in one step, in a store of their own"
	kvs store create flags
	flag_set blue >"$OUT/flags"
	kvs load "$OUT/flags" --store flags 2>"$OUT/loaded"
	kvs-demo turns flags flag-1 flag-$FLAGS >"$OUT/turns" &
	reader=$!
	wait_for waiting "$OUT/turns"
	kvs store create flags.next --staging-of flags
	flag_set green >"$OUT/flags"
	kvs load "$OUT/flags" --store flags.next 2>"$OUT/loaded"
	say "kvs load --store flags.next: $(cat "$OUT/loaded")"
	found "a flag before" "$(kvs get flag-2 --store flags)" blue
	kvs store publish flags
	found "a flag after" "$(kvs get flag-2 --store flags)" green
	say "kvs store publish flags"
	wait $reader || wrong "the flags"
	say "process $reader: $(sed 1d "$OUT/turns")"
	grep -q "all 'blue', then all 'green'$" "$OUT/turns" || wrong "the flags"
	LOOKS=$(sed -n 's/ looks in turn .*//p' "$OUT/turns")
	SNAPSHOTS=$(sed -n 's/^.* and \([0-9]*\) at both.*/\1/p' "$OUT/turns")
	kvs store destroy flags.next
}

# Lines to load: five for each cart, the last line of the last cart first
cart_lines() {
	for cart in $(seq -w $((CARTS - 1)) -1 0); do
		for thing in shoes pen hat cup book; do
			printf 'cart/%s/%s\t%d\n' "$cart" $thing "${cart#0}"
		done
	done
}

fill_carts() {
	title "10. $CARTS carts of 5 lines each: a range of keys, in order"
	cart_lines >"$OUT/carts"
	kvs load "$OUT/carts" 2>"$OUT/loaded"
	say "kvs load, in no order: $(cat "$OUT/loaded")"
	kvs scan --prefix cart/42/ >"$OUT/cart"
	found "a cart" "$(tr '\t\n' ' ;' <"$OUT/cart")" "$(printf \
		'cart/42/%s 42;' book cup hat pen shoes)"
	say "kvs scan --prefix cart/42/: $(cut -f1 "$OUT/cart" |
		tr '\n' ' ')"
	kvs scan --prefix cart/ >"$OUT/all"
	LC_ALL=C sort "$OUT/carts" | cmp - "$OUT/all" || wrong "the order"
	say "kvs scan --prefix cart/: all $((CARTS * 5)) lines in order, as kvs load reads them"
	found "the last line" "$(kvs scan --prefix cart/ --reverse --limit 1 \
		--keys)" cart/99/shoes
	say "kvs scan --prefix cart/ --reverse --limit 1 --keys: cart/99/shoes"
	PUTS=$((PUTS + CARTS * 5))
	SCANS=$((SCANS + 3))
}

remove_carts() {
	found "what was removed" "$(kvs del --prefix cart/42/)" 5
	found "kvs count --prefix cart/42/" "$(kvs count --prefix cart/42/)" 0
	found "kvs count --prefix cart/" "$(kvs count --prefix cart/)" \
		$((CARTS * 5 - 5))
	say "kvs del --prefix cart/42/: 5, the other $((CARTS * 5 - 5)) are there"
	found "what was removed" "$(kvs del --prefix cart/)" $((CARTS * 5 - 5))
	say "kvs del --prefix cart/: $((CARTS * 5 - 5))"
	DELETES=$((DELETES + CARTS * 5))
	SCANS=$((SCANS + 2))
}

# pages ROUND: lines to load, each key new
pages() {
	for page in $(seq $PAGES); do
		printf 'page/%d/%d\t%0100d\n' "$1" "$page" 0
	done
}

read_hot() {
	for hot in $(seq $HOT); do
		found "what is read often" \
			"$(kvs get "hot/$hot" --store cache)" "$hot"
	done
}

# Filled several times over, while what is hot is read now and then.
browse() {
	for hot in $(seq $HOT); do
		printf 'hot/%d\t%d\n' "$hot" "$hot"
	done >"$OUT/pages"
	kvs load "$OUT/pages" --store cache 2>"$OUT/loaded"
	for round in $(seq $ROUNDS); do
		read_hot
		pages "$round" >"$OUT/pages"
		kvs load "$OUT/pages" --store cache 2>"$OUT/loaded" ||
			wrong "$(cat "$OUT/loaded")"
	done
	read_hot
}

fill_cache() {
	title "11. A cache of 256 KiB: nothing is refused, what was not read lately makes room"
	kvs store create cache --policy evict --max-bytes 256K
	kvs put banner 'always there' --pin --store cache
	kvs stats --watch --interval 1s --store cache >"$OUT/watch" &
	watcher=$!
	browse
	kill $watcher
	wait $watcher || wrong "kvs stats --watch"
	say "kvs stats --watch --interval 1s --store cache, meanwhile:"
	grep -m1 '^store ' "$OUT/watch" | sed 's/^/   /'
	grep '^cache ' "$OUT/watch" | sed 's/^/   /'
	found "the pinned value" "$(kvs get banner --store cache)" 'always there'
	say "$((HOT * (ROUNDS + 1))) reads of $HOT keys between $((ROUNDS * PAGES)) pages: each found"
	say "kvs stats --store cache --histogram size:"
	kvs stats --store cache --histogram size | sed 's/^/   /'
}

# figure LABEL WANTED: in /proc/kvs and in sysfs
figure() {
	proc=$(sed -n "s/^$1: //p" "$OUT/proc")
	read -r sys <"$OUT/sys/$1"
	printf '   %-17s %9s %9s %9s\n' "$1" "$2" "$proc" "$sys"
	found "$1 in /proc/kvs" "$proc" "$2"
	found "$1 in sysfs" "$sys" "$2"
}

# read_statistics STORE: its block of /proc/kvs, and its directory
read_statistics() {
	number=$(kvs info --store "$1" | sed -n 's/^number: //p')
	awk -v first="store: $1" '/^store: / { here = $0 == first } here' \
		/proc/kvs >"$OUT/proc"
	rm -rf "$OUT/sys"
	mkdir "$OUT/sys"
	for file in "/sys/class/misc/kvs/stores/$number"/*; do
		[ -d "$file" ] || cp "$file" "$OUT/sys/"
	done
	printf '   %-17s %9s %9s %9s\n' "store $1" 'done' /proc/kvs sysfs
}

compare_statistics() {
	title "12. The statistics, which must tell what was done and nothing else"
	read_statistics default
	figure entries $ENTRIES
	figure puts $PUTS
	figure hits $HITS
	figure misses $MISSES
	figure adds $ADDS
	figure deletes $DELETES
	figure touches $TOUCHES
	figure buckets $BUCKETS
	figure refusals $REFUSALS
	figure txns $TXNS
	figure scans $SCANS
	figure publishes 0
	figure stats 0
	figure rejected_bytes 0
	figure rejected_entries 0
	figure rejected_memory 0
	figure rejected_quota 0

	read_statistics flags
	figure entries $FLAGS
	figure puts $FLAGS
	figure hits $((LOOKS + 2))
	figure txns "$SNAPSHOTS"
	figure publishes 1

	read_statistics cache
	read -r left <"$OUT/sys/entries"
	read -r bytes <"$OUT/sys/bytes"
	figure puts $((ROUNDS * PAGES + HOT + 1))
	figure evictions $((ROUNDS * PAGES + HOT + 1 - left))
	figure evicted_unfetched $((ROUNDS * PAGES + HOT + 1 - left))
	figure hits $((HOT * (ROUNDS + 1) + 1))
	figure misses 0
	figure rejected_bytes 0
	[ "$bytes" -le 262144 ] || wrong "$bytes bytes in a cache of 256 KiB"
	[ "$left" -lt $((ROUNDS * PAGES)) ] || wrong "nothing was evicted"
}

load_packages
get_one
look_all_up
bump_counter
flip_flag
slide_session
limit_rate
swap_text
move_coins
publish_flags
fill_carts
remove_carts
fill_cache
compare_statistics
title "All of it is as it should be."
