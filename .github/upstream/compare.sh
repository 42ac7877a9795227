#!/usr/bin/env bash
# compare.sh PROVIDER DOCUMENT: puts what is new in a provider's own document into report.txt, and `code=0`, nothing, or
# `code=1`, something, into $GITHUB_OUTPUT.
set -euo pipefail

code=0
# What the document says goes into a file and not into the log, where a line of it could pass for a command.
npm run --silent upstream -- "$1" "$2" > report.txt || code=$?
# 2 is a document that cannot be compared, and no report is a broken program: the run fails, and has said why.
if [ "$code" -gt 1 ] || [ ! -s report.txt ]; then exit 1; fi
echo "code=$code" >> "$GITHUB_OUTPUT"
