/** The page of contradictions: what each source claims, what was decided, and why, for each provider. Pure. */
import type { Decision, Decisions, Source } from "../reconcile/decisions.js";

const INTRODUCTION = `# Contradictions

The documents about these APIs contradict one another, and the servers. Here is each point on which a source and the
curated spec differ, what was decided, and on what evidence. \`npm run reconcile\` compares the documents anew, and fails
where one of them differs without a decision, or a decision is about nothing any more.

- **difference**: the source says something else than the spec.
- **silence**: the source says nothing of it.
- **prose**: only descriptions are at issue.
`;

/** As Markdown that holds tables in HTML, whose cells are stacked where a screen is narrow. */
export function contradictionsPage({ sources, decisions }: Decisions, titles: ReadonlyMap<string, string>): string {
  const sections = Array.from(titles, ([provider, title]) => {
    const own = decisions.filter((decision) => decision.provider === provider);
    return own.length === 0 ? [] : [section(title, own, sources)];
  });
  return [INTRODUCTION, ...sections.flat()].join("\n");
}

function section(title: string, decisions: readonly Decision[], sources: readonly Source[]): string {
  const cited = sources.filter(({ id }) => decisions.some((decision) => decision.sources.includes(id)));
  return `## ${title}

${cited.map((source) => `- \`${source.id}\`: ${escaped(source.title)}`).join("\n")}

<table class="contradictions">
<thead><tr><th>Claim</th><th>Decision</th><th>Evidence</th></tr></thead>
<tbody>
${decisions.map(row).join("\n")}
</tbody>
</table>
`;
}

function row({ id, kind, sources, claims, says, why, evidence, places }: Decision): string {
  const at = [...new Set(places.map((place) => place.at))];
  return `<tr id="${escaped(id)}">
<td data-label="Claim"><p>${escaped(claims)}</p><p class="from">${kind}, ${sources.map(code).join(", ")}</p></td>
<td data-label="Decision"><p><strong>${escaped(says)}</strong></p><p>${escaped(why)}</p></td>
<td data-label="Evidence"><p>${escaped(evidence)}</p><ul>${at.map((place) => `<li>${code(place)}</li>`).join("")}</ul></td>
</tr>`;
}

function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

/** For HTML within Markdown: braces and at signs, too, which TypeDoc would read as tags. */
function escaped(text: string): string {
  return text.replace(/[&<>"{}@*_`[\]\\]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
