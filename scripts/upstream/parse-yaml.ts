/**
 * YAML in a process of its own. The parser recurses: text that is nested deeply enough does not make it throw, it brings its
 * process down, and so may text that unfolds into more than the memory.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { UnreadableDocument } from "./unreadable.js";

const TIMEOUT_MS = 60_000;
const MAX_MEMORY_MB = 4096;
const MAX_CHARACTERS = 256 * 2 ** 20;

const yaml = pathToFileURL(createRequire(import.meta.url).resolve("yaml")).href;

// Keys are not looked up for duplicates, which takes time by the square of their number. Aliases are counted by the parser.
const PROGRAM = `
  import yaml from ${JSON.stringify(yaml)};
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  try {
    process.stdout.write(JSON.stringify(yaml.parse(text, { uniqueKeys: false, logLevel: "error" })) ?? "null");
  } catch (error) {
    process.stderr.write(error.message);
    process.exitCode = 1;
  }
`;

/** @throws UnreadableDocument */
export function parseYaml(text: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${MAX_MEMORY_MB}`, "--input-type=module", "--eval", PROGRAM],
      { stdio: ["pipe", "pipe", "pipe"], timeout: TIMEOUT_MS, killSignal: "SIGKILL" },
    );
    let json = "";
    let complaint = "";
    let characters = 0;
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      characters += chunk.length;
      if (characters > MAX_CHARACTERS) child.kill("SIGKILL");
      else json += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      if (complaint.length < 2000) complaint += chunk;
    });
    // What it does not read any more is of no interest.
    child.stdin.on("error", () => undefined);
    child.stdin.end(text);
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(json));
      else reject(new UnreadableDocument(reasonFor(code, complaint)));
    });
  });
}

function reasonFor(code: number | null, complaint: string): string {
  if (code !== 1 || /call stack/i.test(complaint)) {
    return "it cannot be parsed: it is nested too deeply, or takes too much time or memory";
  }
  const [sentence = ""] = complaint.split("\n");
  return `it is neither JSON nor YAML: ${sentence.replace(/:$/, "")}`;
}
