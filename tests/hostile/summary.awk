# SPDX-License-Identifier: GPL-2.0-only
#
# Reads what the programs of the suite said and prints, for each command, how
# many of its allocations were failed through each door.

/^# [a-z_]+: .*: [0-9]+ allocations failed/ {
	split(substr($0, 3), part, ": ")
	door = part[1]
	command = part[2]
	if (!(command in doors))
		commands[++count] = command
	doors[command] = doors[command] " " door
	failed[command] = failed[command] sprintf("%4d", part[3])
}

END {
	for (i = 1; i <= count; i++) {
		command = commands[i]
		if (doors[command] != heading) {
			heading = doors[command]
			print "  # allocations failed through" heading
		}
		printf "  #   %-26s%s\n", command, failed[command]
	}
}
