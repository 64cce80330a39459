#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# scan, count and del --prefix: entries in order, as load reads them.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

# wrote TEXT: the output, in printf's escapes, and no error
wrote() {
	status_is 0
	no_error
	# shellcheck disable=SC2059 # the bytes
	printf "$1" >wanted
	output_file_is wanted
}

reload
must kvs store create plain

testing "an empty store"
run kvs scan
done_with
run kvs count
status_is 0
output_line_is 0

for KEY in b a aa c.1 c.2 c.3; do
	must kvs put "$KEY" "value of $KEY"
done

testing "in order"
run kvs scan --limit 3
wrote 'a\tvalue of a\naa\tvalue of aa\nb\tvalue of b\n'
run kvs scan --reverse --limit 2
wrote 'c.3\tvalue of c.3\nc.2\tvalue of c.2\n'

testing "keys alone"
run kvs scan --keys
wrote 'a\naa\nb\nc.1\nc.2\nc.3\n'

testing "a prefix"
run kvs scan --keys --prefix c.
wrote 'c.1\nc.2\nc.3\n'
run kvs scan --keys --prefix a --reverse
wrote 'aa\na\n'
run kvs scan --prefix d
done_with
run kvs count --prefix a
status_is 0
output_line_is 2

testing "a range"
run kvs scan --keys --start aa --end c.2
wrote 'aa\nb\nc.1\n'
run kvs scan --keys --end b
wrote 'a\naa\n'
run kvs scan --keys --start c.3
wrote 'c.3\n'
run kvs count --start b
status_is 0
output_line_is 4

testing "json"
run kvs scan --json --prefix aa
status_is 0
json
json_names key kind version user_flags length value
json_is key '"aa"'
json_is kind '"blob"'
json_is length 11
json_is value '"value of aa"'
run kvs scan --json --keys
status_is 0
[ "$(wc -l <out)" -eq 6 ] || fail "not six lines" "$(cat out)"
run kvs count --json
status_is 0
json
json_names store count
json_is count 6

testing "what load reads"
printf 'a\\tb\\\\\tline\\none\\x00\\x01\n\\xff\\xfe\t\\x7f\\xc3\\xa9\n' >file
must kvs store flush default
must kvs load file
run kvs scan
status_is 0
output_file_is file

testing "many entries, there and back, byte for byte"
must kvs store flush default
awk 'BEGIN { for (i = 0; i < 5000; i++) {
	value = ""
	for (n = 0; n < i % 40; n++)
		value = value sprintf("\\x%02x", (i + n * 7) % 32)
	printf "key.%05d\tv%s\n", i, value
} }' | sed 's/\\x09/\\t/g; s/\\x0a/\\n/g' >file
must kvs load file
run kvs scan
status_is 0
no_error
output_file_is file
cp out first
must kvs load first --store plain
must kvs store create again --index
must kvs load first --store again
run kvs scan --store again
status_is 0
output_file_is first
run kvs count --store again
status_is 0
output_line_is 5000

testing "a counter comes as its number, and goes as a value"
must kvs store flush default
must kvs incr hits 41 --ttl 1h
run kvs scan
wrote 'hits\t41\n'
cp out file
run kvs scan --json
json
json_is kind '"counter"'
json_is value 41
must kvs load file --store again
run kvs stat hits --store again
output_has '^kind: blob$'

testing "no index"
run kvs scan --store plain
refused 3 "kvs: store 'plain' does not keep its keys in order: 'kvs store create --index' makes one that does"
run kvs count --store plain
refused 3 "kvs: store 'plain' does not keep its keys in order: 'kvs store create --index' makes one that does"
run kvs del --prefix k --store plain
refused 3 "kvs: store 'plain' does not keep its keys in order: 'kvs store create --index' makes one that does"
run kvs store create other --index --json
status_is 0
json
json_is index true

testing "del --prefix"
must kvs store flush default
for KEY in a.1 a.2 b.1; do
	must kvs put "$KEY" v
done
run kvs del --prefix a.
status_is 0
no_error
output_line_is 2
run kvs scan --keys
wrote 'b.1\n'
run kvs del --prefix a. --json
status_is 0
json
json_names store removed
json_is removed 0

testing "the cart of the manual"
must kvs put cart:7:apples 3
must kvs put cart:7:pears 5
run kvs scan --prefix cart:7:
wrote 'cart:7:apples\t3\ncart:7:pears\t5\n'
run kvs del --prefix cart:7:
status_is 0
output_line_is 2

testing "more than a page, by who may administer"
run kvs del --prefix key. --store again
status_is 0
output_line_is 5000

testing "more than a page, by who may not"
must kvs load first --store again
must kvs store alter again --mode 0666
must chmod 0666 /dev/kvs
run_as nobody kvs del --prefix key. --store again
status_is 3
output_is ''
error_is "kvs: store 'again': 4096 entries were removed; only its owner and root remove more at a time: repeat the command for the others"
run_as nobody kvs del --prefix key. --store again
status_is 0
output_line_is 904

testing "a scan without the right"
must kvs store alter again --mode 0622
run_as nobody kvs scan --store again
status_is 3
error_has 'permission denied'

testing "wrong usage"
must kvs store flush default
must kvs put key v
run kvs scan key
status_is 2
run kvs scan --prefix a --end b
status_is 2
error_has 'use one of --prefix, --end'
for RANGE in "--prefix a --start b" "--start a --prefix b"; do
	for COMMAND in scan count; do
		# shellcheck disable=SC2086 # two options
		run kvs $COMMAND $RANGE
		refused 2 "kvs $COMMAND: use one of --prefix, --start (see 'kvs help $COMMAND')"
	done
done
run kvs scan --limit -1
status_is 2
run kvs scan --limit 0
refused 2 "kvs scan: a limit of 0 is none (see 'kvs help scan')"
run kvs scan --end ''
status_is 2
run kvs count --reverse
status_is 2
run kvs del key --prefix k
status_is 2
run kvs del --prefix ''
refused 2 "kvs del: --prefix is empty: 'kvs store flush' removes all (see 'kvs help del')"
run kvs scan --keys --prefix ''
wrote 'key\n'
run kvs del --prefix k --if-version 1
status_is 2
error_has 'goes without a condition'
run kvs del
status_is 2

testing "a full disk"
must kvs store flush default
must kvs put a b
run sh -c 'kvs scan >/dev/full'
status_is 3
error_is "kvs: cannot write to stdout: No space left on device"

# The others find neither these stores nor this mode of the device.
reload

finished
