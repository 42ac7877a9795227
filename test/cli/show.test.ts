import { describe, expect, it } from "vitest";
import { sentence } from "../../src/cli/report.js";
import { remember } from "../../src/cli/secrets.js";
import { RotationStanding } from "../../src/cli/rotation-standing.js";
import { json, outputWidth, printable } from "../../src/cli/show/output.js";
import { details, table, wrapped } from "../../src/cli/show/table.js";

describe("text of others", () => {
  it.each([
    { given: "deploy – 日本語 👩‍💻", want: "deploy – 日本語 👩‍💻" },
    { given: "a\u001b[31mb", want: "a\\u001b[31mb" },
    { given: "a\nb\tc\u007f\u009b", want: "a\\u000ab\\u0009c\\u007f\\u009b" },
    { given: "a\u202eb\u2066\u200b\u2028", want: "a\\u202eb\\u2066\\u200b\\u2028" },
    { given: "tag \u{e0041}", want: "tag \\udb40\\udc41" },
  ])("is shown in one line that no terminal acts upon: $given", ({ given, want }) => {
    expect(printable(given)).toBe(want);
    expect(JSON.parse(json({ given }))).toEqual({ given });
    expect(json(given)).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);
  });
});

describe("where a rotation stands", () => {
  it("is told in what no terminal acts upon, whatever a server calls its keys", () => {
    const standing = new RotationStanding("openrouter");
    const key = { provider: "openrouter" as const, id: "a\u001b[2J", name: "", raw: {} as never };
    standing.enter("store", key, { ...key, id: "b\u202e" });
    expect(standing.description()).toContain('a\\u001b[2J was at "store", and its successor b\\u202e exists.');
  });
});

describe("a terminal", () => {
  it("has sentences in lines of its width, and no word is broken", () => {
    const id = "f".repeat(64);
    expect(wrapped(`keysmith: there is no key ${id}. Look again.`, 40)).toBe(
      `keysmith: there is no key\n${id}.\nLook again.`,
    );
    expect(wrapped("keysmith: openrouter listApiKeys: 401 Missing.", 40)).toBe(
      "keysmith: openrouter listApiKeys: 401\nMissing.",
    );
    expect(wrapped("as long as it is", Infinity)).toBe("as long as it is");
  });

  it.each([
    { columns: 0, want: 80 },
    { columns: 20, want: 40 },
    { columns: 132, want: 132 },
  ])("of $columns columns is taken to have $want", ({ columns, want }) => {
    expect(outputWidth({ isTTY: true, columns })).toBe(want);
  });
});

describe("an error of any kind", () => {
  it("is told without a plaintext that this process has seen", () => {
    remember("sk-or-v1-0e6f44a4");
    expect(sentence(new Error("cannot read sk-or-v1-0e6f44a4"))).toMatch(
      /^cannot read \[secret\]\. This should not happen/,
    );
  });
});

describe("a table", () => {
  const rows = [
    { title: "NAME", cells: ["deploy to the shop", "日本語日本語", ""], atLeast: 8 },
    { title: "STATE", cells: ["active", "active", "disabled"] },
    { title: "NEVER", cells: ["", "", ""] },
    { title: "ID", cells: ["0123456789abcdef", "fedcba9876543210", "00000000"], below: true },
  ];

  it("is as wide as what is in it, and leaves out what is not", () => {
    expect(table(rows, Infinity).split("\n")).toEqual([
      "NAME                STATE     ID",
      "deploy to the shop  active    0123456789abcdef",
      "日本語日本語        active    fedcba9876543210",
      "–                   disabled  00000000",
    ]);
  });

  it("wraps names first, and then puts ids below, unbroken", () => {
    expect(table(rows, 36).split("\n")).toEqual([
      "NAME      STATE     ID",
      "deploy    active    0123456789abcdef",
      "to the",
      "shop",
      "日本語日  active    fedcba9876543210",
      "本語",
      "–         disabled  00000000",
    ]);
    expect(table(rows, 24).split("\n")).toEqual([
      "NAME            STATE",
      "deploy to the   active",
      "shop",
      "  0123456789abcdef",
      "日本語日本語    active",
      "  fedcba9876543210",
      "–               disabled",
      "  00000000",
    ]);
  });

  it("of names and values wraps values, and breaks no word", () => {
    const rows: [string, string][] = [
      ["name", "one two three"],
      ["id", "0123456789abcdef"],
    ];
    expect(details(rows, 18).split("\n")).toEqual(["name  one two three", "id    0123456789abcdef"]);
    expect(details([["name", "one two three"]], 14).split("\n")).toEqual(["name  one two", "      three"]);
  });
});

describe("a text of tens of thousands of characters, which nobody would wait for to be broken into lines", () => {
  const long = "a b😀".repeat(20_000);

  it("is cut where it is shown in a row or alone, and says so", () => {
    const row = table([
      { title: "id", cells: ["key_1"] },
      { title: "name", cells: [long], atLeast: 10 },
    ]);
    expect(row).toContain("key_1");
    expect(row.replace(/\s/g, "").length).toBeLessThan(1_000);
    expect(row.trimEnd()).toMatch(/[ab😀]…$/u);
    expect(details([["name", long]])).toMatch(/[ab😀]…\s*$/u);
    expect(details([["name", long]]).replace(/\s/g, "").length).toBeLessThan(3_000);
  }, 20_000);

  it("is as it is where it fits", () => {
    expect(details([["name", "x".repeat(2_000)]])).toContain("x".repeat(2_000));
  });
});
