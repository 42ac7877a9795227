#!/usr/bin/env bash
# What upstream.yml does once a week, on the documents that are kept: as they are, without a status that they had, and with
# another page in their place. Nothing is fetched, and what would be said to GitHub is printed.
set -euo pipefail

export GITHUB_OUTPUT="$PWD/output.txt"
gh() {
  if [ "$2" = list ]; then echo "$issues"; else echo "gh $*"; fi
}
export -f gh
expect() {
  if ! grep -q "$1" "$2"; then echo "::error::$2 of $provider has no $1"; exit 1; fi
}

while read -r provider kept status; do
  bash .github/upstream/compare.sh "$provider" "spec/sources/$kept.yaml"
  expect "Nothing is new" report.txt

  sed "s/\"$status\":/\"599\":/" "spec/sources/$kept.yaml" > changed.yaml
  : > "$GITHUB_OUTPUT"
  bash .github/upstream/compare.sh "$provider" changed.yaml
  expect "code=1" "$GITHUB_OUTPUT"
  export issues='[]'
  bash .github/upstream/issue.sh "$provider" > said.txt
  expect "gh issue create --title Upstream changes: $provider" said.txt
  export issues='[{"number": 7, "title": "Upstream changes: '"$provider"'"}]'
  bash .github/upstream/issue.sh "$provider" > said.txt
  expect "gh issue edit 7 --body-file issue.md" said.txt
  expect "> $status" issue.md
  expect "nothing of the kind" issue.md

  echo "<!doctype html><html></html>" > page.html
  if bash .github/upstream/compare.sh "$provider" page.html; then echo "::error::a web page was compared"; exit 1; fi
  echo "$provider: as upstream.yml would do it"
done << 'DOCUMENTS'
openrouter openrouter-openapi 500
cockroach cockroach-openapi 500
estuary estuary-swagger 500
openai openai-openapi 200
openaiproject openaiproject-openapi 200
DOCUMENTS
