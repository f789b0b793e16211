#!/usr/bin/env bash
# Health check for images without curl: is-up.sh PORT asks whether something listens on the port,
# is-up.sh PORT PATH whether it answers 200 to a GET of the path. Nothing but bash is needed.
set -eu
exec 3<> "/dev/tcp/127.0.0.1/$1"
if [ $# -gt 1 ]; then
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
  IFS= read -r -t 4 status <&3
  [[ $status == HTTP/1.?' 200'* ]]
fi
