import { openrouter, type OpenRouterKeys } from "../../src/index.js";
import { createSandbox } from "../../src/sandbox/index.js";
import { atMost, times, type Benchmark } from "./benchmark.js";

const KEYS = 100_000;
const PAGE = 100;

export const moving: Benchmark = {
  name: "moving",
  how:
    `\`for await\` over ${KEYS.toLocaleString("en")} keys of a sandbox's OpenRouter, which counts rows, while another client creates a key and ` +
    "revokes one of those after each page, anywhere in the list. What was there from the first request to the last has to be " +
    `listed, once. Requests are compared with those of a list that nobody changes: ${(KEYS / PAGE).toLocaleString("en")} and one more.`,
  measure: async () => {
    const sandbox = createSandbox();
    const there = Array.from({ length: KEYS }, (_, index) => sandbox.issue("openrouter", { name: `key ${index}` }).id);
    const apiKey = sandbox.credentials.openrouter;
    const other: OpenRouterKeys = openrouter({ apiKey, fetch: sandbox.fetch });
    let requests = 0;
    const keys = openrouter({
      apiKey,
      fetch: async (input, init) => {
        const answer = await sandbox.fetch(input, init);
        requests++;
        await other.create({ name: `new ${requests}` });
        const place = Math.floor(Math.random() * there.length);
        const [revoked = ""] = there.splice(place, 1);
        await other.revoke(revoked);
        return answer;
      },
    });
    const listed = new Map<string, number>();
    for await (const { id } of keys.list()) listed.set(id, (listed.get(id) ?? 0) + 1);
    const missed = there.filter((id) => !listed.has(id)).length;
    const twice = [...listed.values()].filter((count) => count > 1).length;
    return [
      atMost(`keys of ${KEYS.toLocaleString("en")} that were missed`, missed, 0, String),
      atMost("keys that were listed twice", twice, 0, String),
      atMost("requests, to those of a list at rest", requests / (KEYS / PAGE + 1), 1.1, times),
    ];
  },
};
