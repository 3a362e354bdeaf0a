#!/bin/sh
# once_prepared.sh COMMAND…: run it when `coach start` has the database prepared.
until [ -e "$COACH_VAR/prepared" ]; do sleep 0.1; done
exec "$@"
