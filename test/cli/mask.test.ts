import { describe, expect, it } from "vitest";
import { Mask } from "../../src/cli/mask.js";

const secret = "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";
const bytes = Buffer.from(secret);

async function lines(mask: Mask, pieces: readonly string[]): Promise<string[]> {
  const given: string[] = [];
  // oxlint-disable-next-line typescript/require-await -- as a stream gives it
  const stream = (async function* () {
    yield* pieces;
  })();
  for await (const text of mask.lines(stream)) given.push(text);
  return given;
}

const wrapped = (text: string, width: number) => text.replace(new RegExp(`.{${width}}`, "g"), "$&\n");

describe("what a command prints of a secret is masked", () => {
  it.each<{ title: string; text: string }>([
    { title: "as it is", text: secret },
    { title: "twice", text: `${secret} ${secret}` },
    { title: "all but its ends", text: secret.slice(1, -1) },
    { title: "its second half", text: secret.slice(36) },
    { title: "wrapped", text: wrapped(secret, 20) },
    { title: "a character a line", text: wrapped(secret, 1) },
    { title: "base64", text: bytes.toString("base64") },
    { title: "base64 behind one character", text: Buffer.from(`=${secret}`).toString("base64") },
    { title: "base64 behind two characters", text: Buffer.from(`K=${secret}\n`).toString("base64") },
    { title: "base64, wrapped", text: wrapped(bytes.toString("base64"), 76) },
    { title: "base64url", text: Buffer.from(`{"key":"${secret}"}`).toString("base64url") },
    { title: "hex", text: bytes.toString("hex") },
    { title: "hex in capitals", text: bytes.toString("hex").toUpperCase() },
    { title: "hex in columns", text: wrapped(bytes.toString("hex").replace(/../g, "$& "), 48) },
    { title: "hex with colons", text: bytes.toString("hex").replace(/..(?=.)/g, "$&:") },
    { title: "percent-encoded", text: bytes.toString("hex").replace(/../g, "%$&") },
    { title: "in capitals", text: secret.toUpperCase() },
    { title: "octal in columns", text: Array.from(bytes, (byte) => byte.toString(8).padStart(3, "0")).join(" ") },
    { title: "octal escapes", text: Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("") },
    { title: "a list of bytes", text: JSON.stringify([...bytes]) },
    { title: "a list of bytes, printed", text: Array.from(bytes, String).join(", ") },
    { title: "escaped", text: bytes.toString("hex").replace(/../g, "\\x$&") },
  ])("$title", async ({ text }) => {
    const whole = `before\nKEY=${text}, after\n`;
    const mask = new Mask([secret]);
    for (const size of [1, 7, 50, whole.length]) {
      const pieces = whole.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      const shown = (await lines(mask, pieces)).join("");
      expect(shown).toMatch(/^before\n/);
      expect(shown).toMatch(/, after\n$/);
      expect(shown).toContain("[secret]");
      const readable = shown.replace(/\s/g, "");
      const squeezed = text.replace(/\s/g, "");
      for (let at = 0; at + 12 <= squeezed.length; at++) {
        const run = squeezed.slice(at, at + 12);
        // In base64, what its neighbours take part in is no part of it.
        if (at > 12 && at + 24 < squeezed.length) expect(readable).not.toContain(run);
      }
    }
  });

  it("in small letters, where it has capitals", () => {
    const mixed = "CCDB1_12345abcdefGHIJKLMnopq";
    expect(new Mask([mixed]).apply(`key ${mixed.toLowerCase()}`)).toBe("key [secret]");
  });

  it("where it holds what percent-encoding changes", () => {
    const odd = "p@ss/word+with=signs&more";
    expect(new Mask([odd]).apply(`?key=${encodeURIComponent(odd)};`)).toBe("?key=[secret];");
  });

  it("and nothing else of it", async () => {
    const text = "stored sk-or-v1- at 12:30\nid 0e6f44a\n\tno line end";
    const mask = new Mask([secret]);
    expect((await lines(mask, [text])).join("")).toBe(`${text}\n`);
    expect(await lines(mask, ["saved\n", "more\n"])).toEqual(["saved\n", "more\n"]);
    expect(await lines(mask, [])).toEqual([]);
  });

  it("but for what may be shown, though a secret contains it", () => {
    const whole = "CCDB1_12345abcdefGHIJKLMnopq_0000111122223333444455556666777788889999";
    const mask = new Mask([whole], ["CCDB1_12345abcdefGHIJKLMnopq"]);
    expect(mask.apply("stored CCDB1_12345abcdefGHIJKLMnopq")).toBe("stored CCDB1_12345abcdefGHIJKLMnopq");
    expect(mask.apply(`stored ${whole}`)).toMatch(/^stored CCDB1_\w{6,22}\[secret\]$/);
  });

  it("in a line of any length, piece by piece", async () => {
    const mask = new Mask([secret]);
    const piece = "x".repeat(65_536);
    const pieces = [...Array.from({ length: 50 }, () => piece), secret.slice(0, 30), secret.slice(30), piece];
    const shown = await lines(mask, pieces);
    expect(shown.join("")).toBe(`${piece.repeat(50)}[secret]${piece}\n`);
    expect(Math.max(...shown.map(({ length }) => length))).toBeLessThan(2 * piece.length);
  });
});
