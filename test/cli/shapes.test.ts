/** What commands print for programs is what `schemas/output-1.json` says, in JSON and in YAML. */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { createSandbox } from "../../src/sandbox/index.js";
import { yaml } from "../../src/cli/show/yaml.js";
import { inProcess } from "./in-process.js";
import { issue, PLAINTEXT, served, temporaryFolder } from "./keysmith.js";

const schema = JSON.parse(readFileSync("schemas/output-1.json", "utf8")) as { definitions: Record<string, object> };
const ajv = new Ajv({ allErrors: true }).addSchema(schema, "output");

/** What is wrong with it, if anything. */
function problemsOf(command: string, value: unknown): unknown {
  const validate = ajv.getSchema(`output#/definitions/${command}`);
  if (!validate) throw new Error(`The schema does not define ${command}.`);
  return validate(value) ? [] : validate.errors;
}

interface Row {
  line: string;
  /** A rotation was broken off before, and has left its new key. */
  leftover?: true;
  code?: number;
}

const rows: Row[] = [
  { line: "list" },
  { line: "list openrouter" },
  { line: "get openrouter ID" },
  { line: "create openrouter --name new --limit 10 --out new" },
  { line: "update openrouter ID --name other" },
  { line: "revoke openrouter ID --yes" },
  { line: "revoke openrouter ID --dry-run" },
  { line: "revoke openrouter ID no-such-key --yes", code: 1 },
  { line: "rotate openrouter ID --exec cat" },
  { line: "rotate openrouter ID --exec cat --dry-run" },
  { line: "rotate openrouter ID --exec cat --older-than 30d" },
  { line: "rotate openrouter ID --exec cat>/dev/null;false", code: 4 },
  { line: "orphans openrouter", leftover: true },
  { line: "orphans openrouter --held held --min-age 1ns --revoke --yes", leftover: true },
  { line: "audit", code: 3 },
  { line: "current openrouter" },
  { line: "stats" },
  { line: "export" },
];

describe("what a program reads", () => {
  it.each(rows)("of keysmith $line is as the schema says", async ({ line, leftover, code = 0 }) => {
    const { sandbox, env } = await served(createSandbox());
    const cwd = await temporaryFolder();
    const id = issue(sandbox, "openrouter", "deploy");
    await writeFile(join(cwd, "held"), id);
    const words = line.replace("ID", id).split(" ");
    const [command = ""] = words;
    if (leftover) await inProcess(["rotate", "openrouter", id, "--exec", "cat>/dev/null;false"], { env, cwd });
    const ended = await inProcess([...words, "--output", "json"], { env, cwd });
    expect(ended).toMatchObject({ code });
    const value: unknown = JSON.parse(ended.stdout);
    expect(problemsOf(command, value)).toEqual([]);
    if (Array.isArray(value)) expect(value).not.toEqual([]);
    expect(ended.stdout).not.toMatch(PLAINTEXT);
  });

  it("is said of every command that has such results", async () => {
    const said = new Set(rows.map(({ line }) => line.split(" ")[0]));
    const { stdout } = await inProcess(["--help"]);
    for (const [, command = ""] of stdout.matchAll(/^ {2}([a-z]+) .* [A-Z]/gm)) {
      const help = (await inProcess([command, "--help"])).stdout;
      expect({ command, said: said.has(command) }).toEqual({ command, said: help.includes("--output") });
    }
  });

  it("is the same in YAML", async () => {
    const { sandbox, env } = await served();
    issue(sandbox, "openrouter", "deploy: \u202e\u001b[2J\nnull");
    const asked = ["list", "openrouter", "--output"];
    const json = await inProcess([...asked, "json"], { env });
    const inYaml = await inProcess([...asked, "yaml"], { env });
    expect(load(inYaml.stdout)).toEqual(JSON.parse(json.stdout));
  });
});

describe("YAML", () => {
  it.each([
    "yes",
    "null",
    "1e3",
    "2026-01-01",
    "",
    " ",
    "- a",
    "a: b",
    "#",
    "\\U0000202e",
    "a\nb\n",
    "\u202e",
    "\u{e0041}\u200d",
    "\u2028",
    "\u0000",
    "'\"\\",
  ])("reads as it was written, and does nothing to a terminal: %j", (given) => {
    const value = { [given]: [given, { inner: given }] };
    const text = yaml(value);
    expect(load(text)).toEqual(value);
    expect(text.replaceAll("\n", "")).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);
  });
});
