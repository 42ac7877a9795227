#!/usr/bin/env bash
# issue.sh PROVIDER: report.txt as the provider's one open issue.
set -euo pipefail

title="Upstream changes: $1"
{
  echo "The provider's own document says something new: it differs from the curated spec and no decision on it says why, or it"
  echo "said something else when it was last seen. Change the spec or take a decision in \`spec/sources/decisions.yaml\`, and"
  echo "accept the document: CONTRIBUTING.md says how."
  echo
  # Indented, and not fenced: no line of the document's can end the block.
  head -c 60000 report.txt | sed 's/^/    /'
} > issue.md
number=$(gh issue list --state open --limit 1000 --json number,title |
  jq --raw-output --arg title "$title" 'map(select(.title == $title)) | .[0].number // empty')
if [ -n "$number" ]; then
  gh issue edit "$number" --body-file issue.md
else
  gh issue create --title "$title" --body-file issue.md
fi
