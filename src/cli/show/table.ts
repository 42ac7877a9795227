import cliui from "cliui";
import stringWidth from "string-width";
import { outputWidth, printable } from "./output.js";

export interface Column {
  title: string;
  /** One for each row; an empty text is shown as a dash. */
  cells: string[];
  /** Stands on a line of its own below the row where the rest would have too little room; never broken. */
  below?: boolean;
  /** May be broken over several lines, down to so many characters. */
  atLeast?: number;
}

const GAP = 2;

/** No text is shown at a greater length, in a row and alone: to break one into lines takes as long as its square. */
const LONGEST = { row: 500, alone: 2_000 };

/** Columns as wide as what is in them, as far as the terminal allows. A column without any text is left out. */
export function table(all: readonly Column[], width: number = outputWidth()): string {
  const columns = all
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .map((column) => {
      const cells = column.cells.map((cell) => shortened(cell, LONGEST.row));
      return { ...column, cells, width: widest([column.title, ...cells]) };
    });
  const excessOf = (some: typeof columns) => some.reduce((sum, one) => sum + one.width + GAP, -GAP) - width;
  const slack = columns.reduce((sum, { atLeast, width }) => sum + Math.max(0, width - (atLeast ?? width)), 0);
  const inRow = excessOf(columns) <= slack ? columns : columns.filter(({ below }) => !below);
  for (const column of inRow) {
    const narrowest = Math.min(column.width, column.atLeast ?? column.width);
    column.width = Math.max(narrowest, column.width - Math.max(0, excessOf(inRow)));
  }
  const ui = cliui({ width: Math.max(...columns.map((column) => column.width + 2 * GAP), width) });
  const line = (textOf: (column: (typeof columns)[number]) => string) =>
    ui.div(...inRow.map((column) => ({ text: textOf(column), width: column.width + GAP, padding: [0, GAP, 0, 0] })));
  line(({ title }) => title);
  for (const row of all[0]?.cells.keys() ?? []) {
    line(({ cells }) => (cells[row] === "" ? "–" : (cells[row] ?? "")));
    for (const { cells, width } of columns.filter((column) => !inRow.includes(column))) {
      if (cells[row]) ui.div({ text: cells[row], width: width + GAP, padding: [0, 0, 0, GAP] });
    }
  }
  return ui.toString();
}

function shortened(text: string, longest: number): string {
  const shown = printable(text.slice(0, longest));
  return text.length > longest ? `${shown.replace(/[\uD800-\uDBFF]$/, "")}…` : shown;
}

/** Names and values below one another. */
export function details(rows: [name: string, value: string][], width: number = outputWidth()): string {
  const shown = rows.map(([name, value]) => [printable(name), shortened(value, LONGEST.alone)] as const);
  const left = widest(shown.map(([name]) => name)) + GAP;
  const natural = left + widest(shown.map(([, value]) => value));
  // What a program may cut out of it, such as an id, is not broken.
  const whole = Math.max(Math.min(width, natural), left + widest(shown.flatMap(([, value]) => value.split(" "))));
  const ui = cliui({ width: whole });
  for (const [name, value] of shown) ui.div({ text: name, width: left }, { text: value, width: whole - left });
  return ui.toString();
}

/**
 * A sentence in lines of the terminal's width, without a word being broken that a program or person may copy.
 *
 * @param indent how many spaces each line begins with
 */
export function wrapped(text: string, width: number = outputWidth(process.stderr), indent = 0): string {
  if (width === Infinity) return " ".repeat(indent) + text;
  const whole = Math.max(width, indent + widest(text.split(" ")));
  const ui = cliui({ width: whole });
  ui.div({ text, width: whole, padding: [0, 0, 0, indent] });
  return ui.toString();
}

/** The width of the widest of however many texts: more than a call takes arguments. */
function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, stringWidth(text)), 0);
}
