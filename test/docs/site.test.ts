import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { selfContained } from "../../scripts/docs/api-reference.js";
import { contradictionsPage } from "../../scripts/docs/contradictions.js";
import { problemsIn } from "../../scripts/docs/inspect.js";
import { withinTheSite, withoutFolderLinks } from "../../scripts/docs/links.js";
import { inReadingOrder, pagesOf, titleOf } from "../../scripts/docs/pages.js";
import type { Decisions } from "../../scripts/reconcile/decisions.js";
import { readDecisions } from "../../scripts/reconcile/read-decisions.js";

describe("the page of contradictions", () => {
  const titles = new Map([
    ["estuary", "Estuary"],
    ["openrouter", "OpenRouter"],
    ["cockroach", "CockroachDB Cloud"],
    ["openai", "OpenAI admin"],
    ["openaiproject", "OpenAI project"],
    ["cloudflare", "Cloudflare"],
    ["unleash", "Unleash"],
    ["lantern", "Lantern"],
  ]);
  let decisions: Decisions;
  let page: string;
  beforeAll(async () => {
    decisions = await readDecisions(process.cwd(), [...titles.keys()]);
    page = contradictionsPage(decisions, titles);
  });

  it("has a row for each decision, below its provider's heading", () => {
    const provider = (id: string) => /[^]*^## (.+)$/m.exec(page.slice(0, page.indexOf(`<tr id="${id}">`)))?.[1];
    expect(decisions.decisions.map(({ id }) => [id, provider(id)])).toEqual(
      decisions.decisions.map(({ id, provider }) => [id, titles.get(provider)]),
    );
  });

  it("says nothing of a provider of which there is nothing to say", () => {
    expect(page).not.toContain("Lantern");
  });

  it("shows what documents say as they say it, markup included", () => {
    const [decision] = decisions.decisions;
    if (!decision) throw new Error("there are decisions");
    const odd = { ...decisions, decisions: [{ ...decision, claims: "<b>{@link x}</b> *a*" }] };
    expect(contradictionsPage(odd, titles)).toContain(
      "<p>&#60;b&#62;&#123;&#64;link x&#125;&#60;/b&#62; &#42;a&#42;</p>",
    );
  });
});

describe("the Markdown of the repository", () => {
  it("is called by its first heading, of which each page has one", async () => {
    expect(titleOf("<!-- a -->\n\n# The `command`\n\n# Later\n")).toBe("The command");
    expect(titleOf("no heading")).toBeUndefined();
    const { start, guide, project } = await pagesOf(process.cwd());
    expect([start, ...guide, ...project].map(({ title }) => title)).toEqual(
      expect.arrayContaining(["keysmith", "Guide", "Rotation", "Compatibility", "Changelog"]),
    );
  });

  it("is read in the order in which the guide's index links it, and what it forgot comes last", () => {
    const page = (name: string, markdown = "") => ({ title: name, file: `docs/guide/${name}.md`, markdown });
    const index = page("README", "[b](b.md), [a](a.md#part) and [elsewhere](../x.md)");
    const order = inReadingOrder(index, [page("d"), page("a"), page("b"), page("c"), index]);
    expect(order.map(({ title }) => title)).toEqual(["README", "b", "a", "c", "d"]);
  });

  it("links no folder, which a disk does not show", () => {
    const markdown = "[`etc/api/`](../etc/api/), [a](a.md), [b](https://b.example/), ![c](c/)";
    expect(withoutFolderLinks(markdown)).toBe("`etc/api/`, [a](a.md), [b](https://b.example/), ![c](c/)");
  });
});

it.each([
  { given: '<a href="../">start</a>', want: '<a href="../index.html">start</a>' },
  { given: '<a href="./#errors">errors</a>', want: '<a href="./index.html#errors">errors</a>' },
  { given: '<a href="../media/estuary.yaml">spec</a>', want: '<a href="../api/estuary.html">spec</a>' },
  { given: '<a href="../media/other.yaml">file</a>', want: '<a href="../media/other.yaml">file</a>' },
  { given: '<use href="../assets/icons.svg#icon-a">', want: '<use href="#icon-a">' },
])("a page of TypeDoc's links within the site: $given", ({ given, want }) => {
  expect(withinTheSite(given, [{ specFile: "spec/estuary.yaml", url: "api/estuary.html" }])).toBe(want);
});

describe("the reference of an API", () => {
  const logo = "https://cdn.redoc.ly/redoc/logo-mini";
  const built = `<a href="/user">User</a><script type="module">[\`${logo}-full.svg\`, \`${logo}.svg\`, "/user"]</script>`;

  it("asks no other server for anything, and links within itself", () => {
    const page = selfContained(built);
    expect(page).not.toContain("https://");
    expect(page).toContain('<a href="#/user">');
    expect(page).toContain('"/user"]');
  });

  it("is not made from a page that asks for something else", () => {
    expect(() => selfContained(built.replace(logo, "https://cdn.example"))).toThrow("asks other servers");
    expect(() => selfContained(built.replace("module", "text/javascript"))).toThrow("another page");
  });

  it.each(["api-reference.html", "favicon.svg", "site.css"])("and the site's own %s name no other server", (file) => {
    const text = readFileSync(`scripts/docs/${file}`, "utf8").replace("http://www.w3.org/2000/svg", "");
    expect(text).not.toMatch(/https?:|url\(|@import/);
  });
});

it.each([
  { given: '<a href="b.html#there">', want: [] },
  { given: '<a href="#here">', want: [] },
  { given: '<a href="../index.html">', want: [] },
  { given: '<a href="https://elsewhere.example">', want: [] },
  { given: '<a href="../api/c.html#/user/list">', want: [] },
  { given: '<a href="gone.html">', want: ["pages/a.html: gone.html leads to no file."] },
  { given: '<a href="b.html#gone">', want: ["pages/a.html: b.html#gone leads to no place in pages/b.html."] },
  { given: '<a href="/index.html">', want: ["pages/a.html: /index.html does not lie below the site."] },
  {
    given: '<script src="https://cdn.example/a.js">',
    want: ["pages/a.html: <script> asks another server for https://cdn.example/a.js."],
  },
  {
    given: '<link rel="stylesheet" href="//cdn.example/a.css">',
    want: ["pages/a.html: <link> asks another server for //cdn.example/a.css."],
  },
  { given: "/home/me/keysmith/src", want: ["pages/a.html: it names /home/me/keysmith, which is of this machine."] },
])("a site is looked through before it is put in place: $given", ({ given, want }) => {
  const files = new Map([
    ["index.html", ""],
    ["api/c.html", ""],
    ["pages/a.html", `<p id="here">${given}</p>`],
    ["pages/b.html", '<p id="there"></p>'],
  ]);
  expect(problemsIn(files, "/home/me/keysmith")).toEqual(want);
});
