#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What is in the way: no module, no right, no room, no output.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

NO_DEVICE="kvs: no /dev/kvs: is the module loaded? ('modprobe kvs' loads it)"
NO_RIGHT="kvs: store 'default': permission denied: become root, or load the module with mode= and gid="
FULL="the store, its pins or the module is full: delete entries, or see 'kvs store alter'"

# each_command COMMAND: calls it with every command that needs the device
each_command() {
	printf 'k\tv\n' >file
	printf '\nget k\n' >txn
	"$1" get k
	"$1" put k v
	"$1" append k v
	"$1" del k
	"$1" take k
	"$1" touch k --persist
	"$1" incr k
	"$1" xchg k 1
	"$1" bitop k or 1
	"$1" allow k --rate 1/s --burst 1
	"$1" load file
	"$1" txn txn
	"$1" stat k
	"$1" stats
	"$1" info
	"$1" hold
	"$1" hold -- true
}

# each_store_command COMMAND NAME: the same with those that name a store
each_store_command() {
	"$1" store create "$2"
	"$1" store create "$2.next" --staging-of "$2"
	"$1" store alter "$2" --mode 600
	"$1" store flush "$2"
	"$1" store publish "$2"
	"$1" store destroy "$2"
}

no_device() {
	run kvs "$@"
	refused 3 "$NO_DEVICE"
}

no_right() {
	run_as kvs kvs "$@"
	refused 3 "$NO_RIGHT"
}

testing "without the module"
must rmmod kvs
each_command no_device
each_store_command no_device default
no_device store list
must insmod "$MODULE"

testing "without the device's node"
mv /dev/kvs /dev/kvs.away
each_command no_device
mv /dev/kvs.away /dev/kvs
run kvs put f-node back
done_with

testing "without a right to the device"
chmod 755 "$T"
each_command no_right
each_store_command no_right default
run_as kvs kvs store list
refused 3 "kvs: /dev/kvs: permission denied: become root, or load the module with mode= and gid="

testing "a group that was let in"
reload_with mode=0660 gid=1000
run_as kvs kvs put f-group in
done_with
run_as kvs kvs get f-group
done_with in
run_as kvs kvs info
output_has '^rights: read write count list$'
run_as kvs kvs stats
status_is 0
output_has '^store: default$'
run_as other kvs get f-group
refused 3 "$NO_RIGHT"

testing "a group that may read"
reload_with mode=0640 gid=1000
must kvs put f-group in
run_as kvs kvs get f-group
done_with in
run_as kvs kvs info
status_is 0
output_has '^rights: read list$'
run_as kvs kvs put f-group out
refused 3 "$NO_RIGHT"
value_is f-group in

testing "a store that is not there"
NO_STORE="kvs: there is no store 'nowhere': 'kvs store list' lists those there are"
for command in "get k" "put k v" "del k" "incr k" "load file" "txn txn" \
	"stat k" info stats hold; do
	# shellcheck disable=SC2086 # a command line
	run kvs $command --store nowhere
	refused 3 "$NO_STORE"
done

testing "at the cap of entries"
reload_with max_entries=2
must kvs put f-one 1
must kvs incr f-two
run kvs put f-three 3
refused 3 "kvs: f-three: $FULL"
run kvs incr f-three
refused 3 "kvs: f-three: $FULL"
run kvs put f-one uno
done_with
value_is f-one uno
run kvs del f-two
done_with
run kvs put f-three 3
done_with

testing "at the cap of bytes"
reload_with max_bytes=100000
head -c 60000 /dev/zero >large
run_on large kvs put f-large -
done_with
run_on large kvs put f-larger -
refused 3 "kvs: f-larger: $FULL"
run kvs del f-large
done_with
run_on large kvs put f-larger -
done_with

testing "a store with a lower limit for values"
reload_with max_value=100
repeated 100 v >most
run_on most kvs put f-limit -
done_with
repeated 101 v >above
run_on above kvs put f-limit -
refused 3 "kvs: f-limit: the value is too long: 'kvs info' tells the limit"
run kvs put f-limit "$(cat above)"
refused 3 "kvs: f-limit: the value is too long: 'kvs info' tells the limit"
run kvs get f-limit
output_file_is most
reload

testing "output to a full device"
must kvs put f-output text
for command in "get f-output" "get f-output --json" "incr f-number" \
	"stat f-output" stats info help; do
	run sh -c "kvs $command >/dev/full"
	refused 3 "kvs: cannot write to stdout: No space left on device"
done

testing "output that nobody reads"
repeated 1000000 x >large
run_on large kvs put f-pipe -
run sh -c '{ kvs get f-pipe; echo $? >status; } | :; exit $(cat status)'
refused 3 "kvs: cannot write to stdout: Broken pipe"

testing "closed output"
run sh -c 'kvs get f-output >&-'
refused 3 "kvs: cannot write to stdout: Bad file descriptor"
value_is f-output text

testing "closed input"
run sh -c 'kvs put f-output - <&-'
refused 3 "kvs: cannot read stdin: Bad file descriptor"
value_is f-output text

testing "everything closed: nothing goes where it should not"
run sh -c 'kvs put f-output new <&- >&- 2>&-'
status_is 0
value_is f-output new

testing "input that cannot be read"
run_on /tmp kvs put f-output -
refused 3 "kvs: cannot read stdin: Is a directory"
value_is f-output new

finished
