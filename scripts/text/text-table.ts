/**
 * Tables for a terminal: cells are wrapped, and rows kept apart by an empty line. The cells hold paths and ids, which are to
 * break where a reader would break them; libraries for columns break long words anywhere.
 */
export interface Column {
  title: string;
  width: number;
}

export interface Row {
  /** Stands above its cells, as wide as it is. */
  heading?: string;
  cells: string[];
}

const GAP = "  ";

export function textTable(columns: Column[], rows: Row[]): string {
  const lines = [
    ...linesOf(
      columns,
      columns.map(({ title }) => title),
    ),
    ...linesOf(
      columns,
      columns.map(({ width }) => "─".repeat(width)),
    ),
    ...rows.flatMap(({ heading, cells }) => [
      ...(heading === undefined ? [] : [heading]),
      ...linesOf(columns, cells),
      "",
    ]),
  ];
  return lines.join("\n").trimEnd();
}

function linesOf(columns: Column[], cells: string[]): string[] {
  const wrapped = columns.map(({ width }, index) => wrap(cells[index] ?? "", width));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map(({ width }, index) => (wrapped[index]?.[line] ?? "").padEnd(width))
      .join(GAP)
      .trimEnd(),
  );
}

/** Breaks at spaces, and within what has none after punctuation, or anywhere if it has none of that either. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(/\s+/).flatMap((one) => pieces(one, width))) {
      const longer = line === "" || word.glued ? line + word.text : `${line} ${word.text}`;
      if (longer.length <= width) {
        line = longer;
        continue;
      }
      lines.push(line);
      line = word.text;
    }
    return [...lines, line];
  });
}

/** A word that is too long for a line, in parts that are not. */
function pieces(word: string, width: number): { text: string; glued: boolean }[] {
  if (word.length <= width) return [{ text: word, glued: false }];
  return (word.match(/[^/.-]*[/.-]+|[^/.-]+/g) ?? [])
    .flatMap((part) => part.match(new RegExp(`.{1,${width}}`, "gu")) ?? [])
    .map((text, index) => ({ text, glued: index > 0 }));
}
