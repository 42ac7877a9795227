const WIDTH = 116;

/** A documentation comment of these texts, each wrapped, blank lines between them; nothing where there is none. */
export function comment(texts: (string | undefined)[]): string {
  const lines = texts
    .filter((text) => text !== undefined)
    .map((text) => reflow(text).join("\n"))
    .join("\n\n")
    .replace(/\*\//g, "*\\/")
    .split("\n");
  const [only = ""] = lines;
  if (lines.length === 1) return only === "" ? "" : `/** ${only} */\n`;
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

/** Wraps Markdown: paragraphs flow, list items hang, code and tables stay as they are. */
function reflow(text: string): string[] {
  const lines: string[] = [];
  let fenced = false;
  let open = false;
  for (const line of text.trim().split(/\r\n|[\n\r\u2028\u2029]/)) {
    const fence = /^\s*(```|~~~)/.test(line);
    const verbatim = fenced || fence || /^( {4}|\t|\s*[|#>])/.test(line);
    const item = /^\s*([-*+]|\d+[.)])\s/.test(line);
    if (open && !verbatim && !item && line.trim() !== "") lines.push(`${lines.pop() ?? ""} ${line.trim()}`);
    else lines.push(line.trimEnd());
    if (fence) fenced = !fenced;
    open = !verbatim && line.trim() !== "";
  }
  return lines.flatMap((line) => (line.length <= WIDTH || /^( {4}|\t|\s*[|#>])/.test(line) ? [line] : wrapped(line)));
}

function wrapped(line: string): string[] {
  const [lead = ""] = /^\s*(([-*+]|\d+[.)])\s+)?/.exec(line) ?? [];
  const lines: string[] = [];
  let current = lead;
  for (const word of line.slice(lead.length).split(/\s+/)) {
    if (current.trimEnd().length + word.length >= WIDTH && current.trim() !== lead.trim()) {
      lines.push(current.trimEnd());
      current = " ".repeat(lead.length);
    }
    current += `${word} `;
  }
  return [...lines, current.trimEnd()];
}
