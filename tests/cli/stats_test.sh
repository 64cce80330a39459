#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# stats as metrics, as a picture and as a view that goes on; store measure.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

# metric NAME{LABELS}: its value, in the output
metric() {
	grep -F -- "$1 " out | sed 's/.* //'
}

# metric_is NAME{LABELS} VALUE
metric_is() {
	[ "$(metric "$1")" = "$2" ] ||
		fail "$1 is '$(metric "$1")' instead of $2"
}

# show NUMBER: for the judge outside, see tests/cli/outside
show() {
	sed "s/^/#metrics $1 /" out
}

testing "--prometheus"
must kvs store create t-stats
must kvs put k value --store t-stats
must kvs put l "$(repeated 3000 v)" --store t-stats
run kvs get k --store t-stats
run kvs get none --store t-stats
run kvs stats --prometheus --store t-stats
status_is 0
no_error
show 1
metric_is 'kvs_entries{store="t-stats"}' 2
metric_is 'kvs_hits_total{store="t-stats"}' 1
metric_is 'kvs_misses_total{store="t-stats"}' 1
metric_is 'kvs_puts_total{store="t-stats"}' 2
metric_is 'kvs_entry_size_bytes_count{store="t-stats"}' 2
metric_is 'kvs_entry_size_bytes_bucket{store="t-stats",le="127"}' 1
metric_is 'kvs_entry_size_bytes_bucket{store="t-stats",le="2047"}' 1
metric_is 'kvs_entry_size_bytes_bucket{store="t-stats",le="4095"}' 2
metric_is 'kvs_entry_size_bytes_bucket{store="t-stats",le="+Inf"}' 2
metric_is 'kvs_expiry_lag_seconds_count{store="t-stats"}' 0
! grep -q 'store="default"' out || fail "another store is told of, too"
! grep -q '^kvs_request_duration_seconds' out ||
	fail "what is not measured is told"

testing "--prometheus has each figure of stats"
run kvs stats --json --store t-stats
json
for label in $JSON_NAMES; do
	case $label in
	store | number) continue ;;
	esac
	grep -q "^$label: " <<-END || fail "no $label"
		$(kvs stats --store t-stats)
	END
done
FIGURES=$(kvs stats --store t-stats | wc -l)
run kvs stats --prometheus --store t-stats
METRICS=$(grep -c '^# TYPE kvs_[a-z_]* \(counter\|gauge\)$' out)
[ "$METRICS" = $((FIGURES - 2)) ] ||
	fail "$METRICS metrics for $FIGURES lines of stats"

testing "sums of sizes"
run kvs stats --prometheus --store t-stats
BYTES=$(metric 'kvs_charged_bytes{store="t-stats"}')
metric_is 'kvs_entry_size_bytes_sum{store="t-stats"}' "$BYTES"

testing "store measure"
run kvs store measure t-stats on
done_with
run kvs store measure default on
done_with
for _ in 1 2 3; do
	run kvs get k --store t-stats
done
run kvs incr n --store t-stats
run kvs stats --prometheus --all
status_is 0
no_error
show 2
GET='store="t-stats",operation="get"'
metric_is "kvs_request_duration_seconds_count{$GET}" 3
metric_is "kvs_request_duration_seconds_bucket{$GET,le=\"+Inf\"}" 3
metric_is 'kvs_request_duration_seconds_count{store="t-stats",operation="add"}' 1
metric_is 'kvs_request_duration_seconds_count{store="t-stats",operation="put"}' 0
metric_is 'kvs_request_duration_seconds_count{store="default",operation="get"}' 0
metric_is 'kvs_entries{store="t-stats"}' 3
[ -n "$(metric 'kvs_entries{store="default"}')" ] || fail "no default"
[ "$(grep -c '^kvs_user_bytes ' out)" = 1 ] || fail "the user is told twice"
must kvs store measure default off

testing "buckets add up"
grep -F "duration_seconds_bucket{$GET" out | sed 's/.* //' >buckets
[ "$(wc -l <buckets)" -gt 20 ] || fail "$(cat out)"
sort -n buckets | cmp -s - buckets || fail "$(cat buckets)"

testing "--prometheus --all, and a store goes meanwhile"
for i in 1 2 3 4; do
	must kvs store create "t-far-$i"
	must kvs store measure "t-far-$i" on
done
mkfifo pipe
start sh -c 'echo begun; exec kvs stats --prometheus --all >pipe'
# More than a pipe takes: it waits for its reader, amid the latencies.
exec 3<pipe
sleep 1
must kvs store destroy t-far-4
cat <&3 >out
exec 3<&-
ended
status_is 0
no_error
[ "$(wc -c <out)" -gt 65536 ] || fail "it fits into a pipe"
GONE='store="t-far-3",operation="stat"'
metric_is "kvs_request_duration_seconds_count{$GONE}" 0
GONE='store="t-far-4",operation="stat"'
metric_is "kvs_request_duration_seconds_count{$GONE}" ""
for i in 1 2 3; do
	must kvs store destroy "t-far-$i"
done

testing "--histogram"
run kvs stats --histogram --store t-stats
status_is 0
no_error
output_has '^store: t-stats$'
output_has '^bytes charged for entries: 3, mean .*, p50 < [0-9]*, p99 < 4K$'
output_has '^ *64 - 128  *2  *66.7% #*$'
output_has '^ *2K - 4K  *1  *33.3% #*$'
output_has '^ *128 - 256  *0  *0.0% $'
output_has '^time that requests took, get: 3, '
output_has '^time that requests took, add: 1, '
! grep -q 'took, put' out || fail "what was not done is drawn"
output_has '^time from a deadline to the removal: 0$'

testing "--histogram of one sort"
run kvs stats --histogram size --store t-stats
output_has '^bytes charged'
! grep -q 'time' out || fail "$(cat out)"
run kvs stats --histogram latency --store t-stats
output_has '^time that requests took, get'
! grep -q 'bytes charged\|deadline' out || fail "$(cat out)"
run kvs stats lag --histogram --store t-stats
output_has 'deadline'
! grep -q 'requests' out || fail "$(cat out)"

testing "bars fit and are as long as they should be"
COLUMNS=60 run kvs stats --histogram size --store t-stats
awk 'NR > 2 && length > 60 { exit 1 }' out || fail "$(cat out)"
# 26 columns and a digit beside, 33 for the longest
output_has "^ *64 - 128  *2  *66.7% $(repeated 33 '#')\$"
output_has "^ *2K - 4K  *1  *33.3% $(repeated 17 '#')\$"
COLUMNS=3 run kvs stats --histogram size --store t-stats
output_has "66.7% ########\$"

testing "bars of blocks where the locale is one of UTF-8"
BLOCK=$(printf '\342\226\210')
HALF=$(printf '\342\226\214')
LC_ALL=de_DE.UTF-8 COLUMNS=60 run kvs stats --histogram size --store t-stats
output_has "66.7% \($BLOCK\)\{33\}\$"
output_has "33.3% \($BLOCK\)\{16\}$HALF\$"
! grep -q '#' out || fail "$(cat out)"
LC_ALL=C LANG=de_DE.UTF-8 run kvs stats --histogram size --store t-stats
! grep -q "$BLOCK" out || fail "$(cat out)"

testing "--histogram --json"
run kvs stats --histogram --json --store t-stats
status_is 0
no_error
json
json_is store '"t-stats"'
json_is 'histograms[0].of' '"size"'
json_is 'histograms[0].unit' '"bytes"'
json_is 'histograms[0].count' 3
json_is 'histograms[0].buckets[0].below' 128
json_is 'histograms[0].buckets[0].count' 2
json_is 'histograms[0].buckets[1].below' 4096
json_is 'histograms[0].buckets[1].count' 1
json_is 'histograms[1].of' '"latency"'
json_is 'histograms[1].operation' '"get"'
json_is 'histograms[1].unit' '"ns"'
json_is 'histograms[1].count' 3
json_is 'histograms[13].of' '"lag"'
json_is 'histograms[13].buckets' '[]'
run kvs stats --histogram lag --json --store t-stats
json
json_names store number 'histograms[0].of' 'histograms[0].unit' \
	'histograms[0].count' 'histograms[0].sum' 'histograms[0].buckets'

testing "what is switched off is forgotten"
must kvs store measure t-stats off
run kvs stats --histogram latency --store t-stats
status_is 0
output_has "not measured; 'kvs store measure t-stats on' begins"
run kvs stats --histogram latency --json --store t-stats
json
json_is histograms '[]'
must kvs store measure t-stats on
run kvs get k --store t-stats
run kvs stats --histogram latency --store t-stats
output_has 'took, get: 1, '

testing "store measure of another's store"
must kvs store alter t-stats --mode 666
must chmod 666 /dev/kvs
run_as kvs kvs store measure t-stats off
refused 3 "kvs: store 't-stats': only its owner and root may do that: 'kvs store list' tells who that is"
run_as kvs kvs stats --histogram latency --store t-stats
status_is 0
output_has 'took, get: 1, '
must chmod 600 /dev/kvs
run kvs store measure t-none on
refused 1 "kvs: there is no store 't-none': 'kvs store list' lists those there are"

testing "--watch in a pipe: a block for each interval"
run kvs stats --watch --count 3 --interval 100ms --store t-stats
status_is 0
no_error
[ "$(grep -c '^time: [0-9-]*T[0-9:]*Z$' out)" = 3 ] || fail "$(cat out)"
[ "$(grep -c '^store  *entries  *bytes ' out)" = 3 ] || fail "$(cat out)"
[ "$(grep -c '^t-stats  *3 ' out)" = 3 ] || fail "$(cat out)"
[ "$(grep -c '^$' out)" = 3 ] || fail "$(cat out)"
! grep -q "$(printf '\033')" out || fail "a pipe gets what terminals get"
# The first look knows of no rates, the others do.
sed -n '/^t-stats/p' out | sed -n 1p | grep -q ' -  *-  *-  *-  *-  *-$' ||
	fail "$(cat out)"
sed -n '/^t-stats/p' out | sed -n 2p | grep -q ' 0  *-  *0  *0  *0  *0$' ||
	fail "$(cat out)"

testing "--watch tells rates, and how many reads hit"
(
	while [ ! -e stop ]; do
		kvs get k --store t-stats >/dev/null
		kvs get none --store t-stats >/dev/null 2>&1
	done
) &
BUSY=$!
run kvs stats --watch --count 4 --interval 0.5 --store t-stats
: >stop
wait $BUSY
awk '/^t-stats/ && ++n > 1 && ($5 + 0 == 0 || $6 < 20 || $6 > 80) { exit 1 }
	END { exit n != 4 }' out || fail "$(cat out)"

testing "--watch --all has a line for each store"
run kvs stats --watch --count 2 --interval 50ms --all
status_is 0
[ "$(grep -c '^t-stats ' out)" = 2 ] || fail "$(cat out)"
[ "$(grep -c '^default ' out)" = 2 ] || fail "$(cat out)"

testing "--watch ends by a signal, and well"
start kvs stats --watch --interval 1m --store t-stats
kill -TERM "$STARTED"
ended
status_is 0
no_error
[ "$(grep -c '^time:' out)" = 1 ] || fail "$(cat out)"

testing "--watch of a store that goes"
must kvs store create t-goes
start kvs stats --watch --interval 100ms --store t-goes
must kvs store destroy t-goes
ended
status_is 3
error_is "kvs: there is no store 't-goes': 'kvs store list' lists those there are"

testing "--watch on a terminal: the screen of before comes back"
ESC=$(printf '\033')
on_terminal "stty cols 30 rows 4
kvs stats --watch --count 2 --interval 100ms --all
echo behind it"
grep -q "$ESC\[?1049h" terminal || fail "$(cat terminal)"
grep -q "$ESC\[?1049l" terminal || fail "$(cat terminal)"
grep -q 'behind it' terminal || fail "$(cat terminal)"
sed "s/$ESC\[H/\\n/g; s/$ESC\[[?0-9]*[a-zA-Z]//g" terminal >plain
awk '/behind/ { exit } length > 30 { exit 1 }' plain || fail "$(cat plain)"
grep -q '^store  *entries' plain || fail "$(cat plain)"
! grep -q 'expired' plain || fail "it is wider than the terminal"

testing "--watch on a terminal: a key ends it"
(
	while sleep 1; do
		printf xq >hold
	done
) &
KEYS=$!
on_terminal "stty -a >before
timeout -s KILL 60 kvs stats --watch --interval 1h
echo ended with \$?
stty -a >after"
kill $KEYS
same_bytes "what stty tells" after before
grep -q 'ended with 0' terminal || fail "$(cat terminal)"

# wrong LINE ARGUMENT...
wrong() {
	WRONG=$1
	shift
	run kvs "$@"
	refused 2 "$WRONG"
}

testing "wrong options of stats"
SEE="(see 'kvs help stats')"
wrong "kvs stats: --watch and --prometheus contradict each other $SEE" \
	stats --watch --prometheus
wrong "kvs stats: --histogram and --watch contradict each other $SEE" \
	stats --histogram --watch
wrong "kvs stats: --prometheus and --json contradict each other $SEE" \
	stats --prometheus --json
wrong "kvs stats: --watch and --json contradict each other $SEE" \
	stats --json --watch
wrong "kvs stats: --all needs --watch or --prometheus $SEE" stats --all
wrong "kvs stats: --interval and --count need --watch $SEE" \
	stats --interval 1
wrong "kvs stats: --interval and --count need --watch $SEE" \
	stats --count 1 --prometheus
wrong "kvs stats: a count of 0 is none $SEE" stats --watch --count 0
wrong "kvs stats: interval '1ms' is not between 10ms and 1d $SEE" \
	stats --watch --interval 1ms
wrong "kvs stats: interval '2d' is not between 10ms and 1d $SEE" \
	stats --watch --interval 2d
wrong "kvs stats: 'soon' is no span of time: 2, 0.5, 500ms, 1m, ... $SEE" \
	stats --watch --interval soon
wrong "kvs stats: 'width' is not size, latency or lag $SEE" \
	stats --histogram width
wrong "kvs stats: 'lag' is one operand too many $SEE" \
	stats --histogram size lag
wrong "kvs stats: 'size' is one operand too many $SEE" stats size

testing "wrong operands of store measure"
SEE="(see 'kvs help store measure')"
wrong "kvs store measure: an operand is missing $SEE" store measure t-stats
wrong "kvs store measure: 'yes' is neither on nor off $SEE" \
	store measure t-stats yes
wrong "kvs store measure: 'on' is one operand too many $SEE" \
	store measure t-stats on on

must kvs store destroy t-stats
finished
