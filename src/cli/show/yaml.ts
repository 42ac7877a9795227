import { dump, SCALAR_STYLE, visit } from "js-yaml";
import { UNSAFE } from "./output.js";

/** A YAML document of what `json` would give, which does nothing to a terminal either. */
export function yaml(value: unknown): string {
  // What JSON leaves out, or has in another form, is so here, too.
  const plain: unknown = JSON.parse(JSON.stringify(value));
  const text = dump(plain, {
    noRefs: true,
    lineWidth: -1,
    transform: (documents) => {
      visit(documents, (node) => {
        // Between these quotes alone, a character can be written as its number.
        if (node.kind === "scalar" && node.value.search(UNSAFE) !== -1) node.style = SCALAR_STYLE.DOUBLE_QUOTED;
      });
    },
  });
  return text.replace(/\n$/, "").replace(UNSAFE, (character) => {
    if (character === "\n") return character;
    return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`;
  });
}
