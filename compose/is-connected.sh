#!/usr/bin/env bash
# Health check of an engine node: is-connected.sh PORT asks whether a connection to that port of
# another host is established. The node reads the registry topics all the time, so it has one as long
# as it can reach a broker. The second argument stands in for /proc/net in tests.
set -eu
port=$(printf '%04X' "$1")
net=${2:-/proc/net}
# local address, remote address, state; 01 is ESTABLISHED. Java's sockets are in tcp6, mostly.
grep -Eqs "^ *[0-9]+: [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:$port 01 " "$net/tcp" "$net/tcp6"
