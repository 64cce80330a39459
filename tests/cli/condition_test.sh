#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Conditions of put and del, versions and user flags.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

# version KEY: its version now
version() {
	kvs stat "$1" | sed -n 's/^version: //p'
}

testing "--create makes a key"
run kvs put c-create one --create
done_with
value_is c-create one

testing "--create does not overwrite"
run kvs put c-create two --create
refused 1 "kvs: c-create: exists already: leave out --create"
value_is c-create one

testing "--replace overwrites"
run kvs put c-create two --replace
done_with
value_is c-create two

testing "--replace does not make a key"
run kvs put c-replace one --replace
refused 1 "kvs: c-replace: not found: leave out --replace to make it"
run kvs get c-replace
status_is 1

testing "each change has a new version"
must kvs put c-version one
FIRST=$(version c-version)
must kvs put c-version two
SECOND=$(version c-version)
[ "$SECOND" -gt "$FIRST" ] || fail "version $SECOND follows $FIRST"

testing "put --if-version with the right one"
run kvs put c-version three --if-version "$SECOND"
done_with
value_is c-version three
THIRD=$(version c-version)

testing "put --if-version with an old one"
run kvs put c-version four --if-version "$SECOND"
refused 1 "kvs: c-version: its version is $THIRD, not $SECOND: read it again"
value_is c-version three

testing "put --if-version of a missing key"
run kvs put c-missing one --if-version 1
refused 1 "kvs: c-missing: not found"

testing "put --if-version 0 matches nothing"
run kvs put c-version four --if-version 0
refused 1 "kvs: c-version: its version is $THIRD, not 0: read it again"

testing "a version in hexadecimal"
run kvs put c-version five --if-version "$(printf '0x%x' "$THIRD")"
done_with
value_is c-version five
FIFTH=$(version c-version)

testing "del --if-version with an old one"
run kvs del c-version --if-version "$THIRD"
refused 1 "kvs: c-version: its version is $FIFTH, not $THIRD: read it again"
value_is c-version five

testing "del --if-version with the right one"
run kvs del c-version --if-version "$FIFTH"
done_with
run kvs get c-version
status_is 1

testing "del --if-version of a missing key"
run kvs del c-version --if-version "$FIFTH"
refused 1 "kvs: c-version: not found"

testing "user flags are kept, and replaced by the next put"
must kvs put c-flags v --user-flags 0xdeadbeef
run kvs stat c-flags
output_has '^user_flags: 0xdeadbeef$'
run kvs get c-flags --json
json
json_is user_flags 3735928559
must kvs put c-flags v
run kvs stat c-flags
output_has '^user_flags: 0x0$'

finished
