#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The command line itself: commands, options, help, wrong usage.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

# wrong COMMAND... -- TEXT: refused as usage, with this line and no more
wrong() {
	testing "usage: $1"
	shift
	WRONG=$1
	shift
	run kvs "$@"
	refused 2 "$WRONG"
}

testing "help"
run kvs help
status_is 0
no_error
COMMANDS="get put append del take touch incr xchg bitop allow load txn stat
	stats info store hold help"
STORE_COMMANDS="create list alter measure flush publish destroy"
for command in $COMMANDS; do
	output_has "^  $command  *[a-z]"
done
for command in $STORE_COMMANDS; do
	output_has "^  store $command  *[a-z]"
done
output_has "--store NAME"
output_has "^Exit status: 0 done, 1 .*, 2 usage, 3 "
cp out help

testing "--help without a command is help"
run kvs --help
status_is 0
output_file_is help

for command in $COMMANDS; do
	testing "help $command, which is $command --help"
	must kvs "$command" --help
	run kvs help "$command"
	status_is 0
	no_error
	output_file_is must
	output_has "^  --json "
	read -r FIRST <out
	case "$FIRST " in
	"usage: kvs $command "*) ;;
	*) fail "it begins: $FIRST" ;;
	esac
done

for command in $STORE_COMMANDS; do
	testing "help store $command, which is store $command --help"
	must kvs store "$command" --help
	run kvs help store "$command"
	status_is 0
	no_error
	output_file_is must
	output_has "^usage: kvs store $command "
done

testing "--version"
run kvs --version
status_is 0
no_error
output_has '^kvs [0-9][0-9.]* (libkvs [0-9][0-9.]*)$'

wrong "nothing" "kvs: there is no command (see 'kvs help')"
wrong "unknown command" "kvs: 'fetch' is no command (see 'kvs help')" fetch k
wrong "a negative number is no option" \
	"kvs: '-5' is no command (see 'kvs help')" -5
wrong "help of an unknown command" \
	"kvs: 'fetch' is no command (see 'kvs help')" help fetch
wrong "unknown option before the command" \
	"kvs: '--fast' is not an option here (see 'kvs help')" --fast get k
wrong "unknown option" \
	"kvs get: '--fast' is not an option here (see 'kvs help get')" \
	get k --fast
wrong "unknown short option" \
	"kvs get: '-x' is not an option here (see 'kvs help get')" get -x k
wrong "option of another command" \
	"kvs del: '--create' is not an option here (see 'kvs help del')" \
	del k --create
wrong "option that takes no value" \
	"kvs get: '--json=1' is not an option here (see 'kvs help get')" \
	get k --json=1
wrong "option without its value" \
	"kvs get: '--store' needs a value (see 'kvs help get')" get k --store
wrong "empty key" "kvs get: the key is empty (see 'kvs help get')" get ''
wrong "two keys" \
	"kvs get: 'l' is one operand too many (see 'kvs help get')" get k l
wrong "operand of stats" \
	"kvs stats: 'k' is one operand too many (see 'kvs help stats')" stats k
for command in get put append del take incr xchg bitop load txn stat store; do
	wrong "$command without operands" \
		"kvs $command: an operand is missing (see 'kvs help $command')" \
		"$command"
done
wrong "touch without a key" \
	"kvs touch: an operand is missing (see 'kvs help touch')" \
	touch --persist
wrong "put without a value" \
	"kvs put: an operand is missing (see 'kvs help put')" put k

for pair in "--create --replace" "--create --if-version=1" \
	"--replace --if-version=1" "--create --if-eq=v" \
	"--if-eq=v --if-version=1" "--if-newer=1 --create"; do
	# shellcheck disable=SC2086 # two options
	wrong "put $pair" \
		"kvs put: use one of --create, --replace, --if-... (see 'kvs help put')" \
		put k v $pair
done
wrong "version that is no number" \
	"kvs del: --if-version 'x' is not a number from 0 on (see 'kvs help del')" \
	del k --if-version x
wrong "negative version" \
	"kvs put: --if-version '-1' is not a number from 0 on (see 'kvs help put')" \
	put k v --if-version=-1
wrong "version beyond all versions" \
	"kvs del: --if-version '0x8000000000000000' is above 9223372036854775807 (see 'kvs help del')" \
	del k --if-version 0x8000000000000000
wrong "user flags of 33 bits" \
	"kvs put: --user-flags '4294967296' is above 4294967295 (see 'kvs help put')" \
	put k v --user-flags 4294967296
wrong "counter that is no number" \
	"kvs put: value 'many' is not an integer (see 'kvs help put')" \
	put k many --counter
wrong "empty counter" \
	"kvs put: value '' is not an integer (see 'kvs help put')" \
	put k '' --counter
wrong "amount that is no number" \
	"kvs incr: BY '1.5' is not an integer (see 'kvs help incr')" incr k 1.5
wrong "amount with white space" \
	"kvs incr: BY ' 1' is not an integer (see 'kvs help incr')" incr k ' 1'
wrong "amount of 65 bits" \
	"kvs incr: BY '9223372036854775808' does not fit in 64 bits (see 'kvs help incr')" \
	incr k 9223372036854775808
wrong "--init with --exists" \
	"kvs incr: --init and --exists exclude each other (see 'kvs help incr')" \
	incr k --init 3 --exists
wrong "--saturate with --wrap" \
	"kvs incr: --saturate and --wrap exclude each other (see 'kvs help incr')" \
	incr k --saturate --wrap
wrong "--min above --max" \
	"kvs incr: --min is above --max (see 'kvs help incr')" \
	incr k --min 2 --max 1 --exists
wrong "a start below --min" \
	"kvs incr: it cannot start at 0: use --init or --exists (see 'kvs help incr')" \
	incr k --min 1
wrong "a start above --max" \
	"kvs incr: it cannot start at 9: use --init or --exists (see 'kvs help incr')" \
	incr k --max 8 --init 9
wrong "--if-newer 0" \
	"kvs put: --if-newer counts from 1 (see 'kvs help put')" \
	put k v --if-newer 0
wrong "del with two conditions" \
	"kvs del: use one of --if-version, --if-eq (see 'kvs help del')" \
	del k --if-version 1 --if-eq v
for ttl in 90 0s -5s 5y 1.s 213504d; do
	wrong "--ttl $ttl" \
		"kvs put: --ttl '$ttl' is no time above 0 such as 90s, 5m, 150ms (see 'kvs help put')" \
		put k v --ttl "$ttl"
done
for at in now 2030-02-30T00:00Z 2030-01-31 @x 2030-01-31T00:00:00.Z; do
	wrong "--at $at" \
		"kvs touch: --at '$at' is no time such as 2030-01-31T18:00Z (see 'kvs help touch')" \
		touch k --at "$at"
done
wrong "--ttl with --at" \
	"kvs get: --ttl and --at exclude each other (see 'kvs help get')" \
	get k --ttl 5s --at @1900000000
wrong "--keep-ttl with --ttl" \
	"kvs put: --keep-ttl and --ttl exclude each other (see 'kvs help put')" \
	put k v --ttl 5s --keep-ttl
wrong "--ttl-if-new with --exists" \
	"kvs incr: --ttl-if-new and --exists exclude each other (see 'kvs help incr')" \
	incr k --ttl-if-new 5s --exists
wrong "touch without a time" \
	"kvs touch: use one of --ttl, --at, --persist (see 'kvs help touch')" \
	touch k --longer
wrong "touch with two modes" \
	"kvs touch: --longer and --shorter exclude each other (see 'kvs help touch')" \
	touch k --ttl 5s --longer --shorter
wrong "touch --persist with a time" \
	"kvs touch: --persist and --ttl exclude each other (see 'kvs help touch')" \
	touch k --ttl 5s --persist
wrong "an operation that there is not" \
	"kvs bitop: 'nand' is none of or, and, xor (see 'kvs help bitop')" \
	bitop k nand 1
wrong "bitop --init without --create" \
	"kvs bitop: --init is for a counter that --create makes (see 'kvs help bitop')" \
	bitop k or 1 --init 1
wrong "allow without a rate" \
	"kvs allow: --rate and --burst are needed, from 1 on (see 'kvs help allow')" \
	allow k --burst 1
for rate in 10 0/s 10/y /s 10/ms 1000000001/s; do
	wrong "--rate $rate" \
		"kvs allow: --rate '$rate' is not a rate such as 10/s, 100/m or 5/h (see 'kvs help allow')" \
		allow k --burst 1 --rate "$rate"
done
wrong "--cost above --burst" \
	"kvs allow: --cost must be 1 to --burst, which is 2 (see 'kvs help allow')" \
	allow k --rate 1/s --burst 2 --cost 3
wrong "a bucket without end" \
	"kvs allow: it would fill in 146 years: use a lower --burst (see 'kvs help allow')" \
	allow k --rate 1/d --burst 60000
wrong "store with a slash" \
	"kvs get: 'a/b' names no store: up to 63 of A-Z a-z 0-9 . _ - (see 'kvs help get')" \
	get k --store a/b
wrong "a number that is none" \
	"kvs get: store number 'x' is not a number from 0 on (see 'kvs help get')" \
	get k --store '#x'
wrong "help of an unknown store command" \
	"kvs: 'store fetch' is no command (see 'kvs help')" help store fetch
wrong "unknown store command" \
	"kvs store: there is no 'kvs store fetch' (see 'kvs help store')" \
	store fetch
for command in create alter flush publish destroy; do
	wrong "store $command without a name" \
		"kvs store $command: an operand is missing (see 'kvs help store $command')" \
		store "$command"
	wrong "store $command of two" \
		"kvs store $command: 'b' is one operand too many (see 'kvs help store $command')" \
		store "$command" a b
done
for command in flush publish destroy; do
	wrong "store $command without a word" \
		"kvs store $command: the name of the store is empty (see 'kvs help store $command')" \
		store "$command" ''
done
wrong "a bad name for a new store" \
	"kvs store create: 'a/b' names no store: up to 63 of A-Z a-z 0-9 . _ - (see 'kvs help store create')" \
	store create a/b
wrong "nothing to alter" \
	"kvs store alter: there is nothing to change (see 'kvs help store alter')" \
	store alter default
for mode in 8 01000 -1 rw; do
	wrong "--mode $mode" \
		"kvs store create: --mode '$mode' is no octal mode from 0 to 0777 such as 0640 (see 'kvs help store create')" \
		store create u "--mode=$mode"
done
for size in 5x 1.5M M -1 1kk; do
	wrong "--max-bytes $size" \
		"kvs store alter: --max-bytes '$size' is no size such as 4096, 64k, 512M, 2G (see 'kvs help store alter')" \
		store alter u "--max-bytes=$size"
done
wrong "a value longer than any" \
	"kvs store create: --max-value '4G' is above 4294967295 (see 'kvs help store create')" \
	store create u --max-value 4G
wrong "an owner by name" \
	"kvs store create: --owner 'root' is not a number from 0 on (see 'kvs help store create')" \
	store create u --owner root
wrong "a staging store with properties" \
	"kvs store create: --staging-of goes without properties (see 'kvs help store create')" \
	store create u --staging-of default --mode 644
wrong "a staging store for a number" \
	"kvs store create: --staging-of takes a name (see 'kvs help store create')" \
	store create u --staging-of '#0'
LONG=$(repeated 64 x)
wrong "store with a long name" \
	"kvs get: '$LONG' names no store: up to 63 of A-Z a-z 0-9 . _ - (see 'kvs help get')" \
	get k --store "$LONG"

testing "options and operands in any order"
run kvs put --user-flags 7 u-order --create value
done_with
run kvs --json get u-order
json
json_is user_flags 7
run kvs get --json u-order
json
json_is user_flags 7

testing "-- ends the options"
must kvs put -- --json -5
run kvs get -- --json
done_with -5
run kvs del -- --json
done_with

testing "a value that looks like a negative number"
must kvs put u-negative -5
value_is u-negative -5

testing "--store, before and behind the command"
must kvs put u-store here
run kvs --store default get u-store
done_with here
run kvs get u-store --store default
done_with here
run kvs get u-store --store=
done_with here

testing "KVS_STORE"
run env KVS_STORE=default kvs get u-store
done_with here
run env KVS_STORE= kvs get u-store
done_with here
run env KVS_STORE=nowhere kvs get u-store
refused 3 "kvs: there is no store 'nowhere': 'kvs store list' lists those there are"
run env KVS_STORE=nowhere kvs get u-store --store default
done_with here

finished
