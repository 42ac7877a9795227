import fc from "fast-check";
import { expect } from "vitest";
import { openrouter } from "../../src/index.js";
import { fingerprint, newTrace, traced, traceOf } from "../../src/rotation/trace.js";
import { property, type Topic } from "./property.js";
import { anyText, madeOf } from "./texts.js";

export const traceTopic: Topic = {
  topic: "the trace of a rotation",
  properties: [
    property(
      "on any name is read back, and leaves the name as it was",
      fc.record({
        name: fc.oneof(anyText, madeOf([" ", "~", "ks1", ".", "a", "\n", "~ks1.a", "~ks1.retired"])),
        now: fc.nat({ max: 36 ** 7 * 100 - 1 }),
        predecessor: anyText.map((id) => fingerprint("openrouter", id)),
      }),
      async ({ name, now, predecessor }) => {
        const trace = newTrace(predecessor, now);
        const data = { hash: "h", name: traced(name, trace) };
        const fetch = () => Promise.resolve(Response.json({ data }));
        const key = await openrouter({ apiKey: "not-a-real-key", fetch }).get("h");
        expect(key.name).toBe(name);
        expect(traceOf(key)).toEqual(trace);
        expect(trace.time).toBe(Math.floor(now / 100) * 100);
      },
    ),
  ],
};
