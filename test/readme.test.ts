import { afterAll, expect, it } from "vitest";
import { writeSnippets } from "./conformance/snippets.js";
import { examples, snippets } from "./fixtures/snippets.js";

const modules = await writeSnippets(process.cwd(), [...snippets, ...Object.values(examples)]);
afterAll(modules.remove);

it("every snippet compiles, and of one that does not it is said where and why", async () => {
  expect(await modules.typeErrors()).toEqual(["EXAMPLE.md:16: Property 'get' does not exist on type 'EstuaryKeys'."]);
});

it("a snippet is known by its line, and runs unless said otherwise", () => {
  expect(Object.values(examples).map(({ place, runs }) => ({ place, runs }))).toEqual([
    { place: "EXAMPLE.md:4", runs: true },
    { place: "EXAMPLE.md:13", runs: true },
    { place: "EXAMPLE.md:19", runs: true },
    { place: "EXAMPLE.md:25", runs: false },
  ]);
});
