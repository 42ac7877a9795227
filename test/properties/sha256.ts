import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect } from "vitest";
import { sha256 } from "../../src/sha256.js";
import { property, type Topic } from "./property.js";
import { anyText, codePoint } from "./texts.js";

export const hashTopic: Topic = {
  topic: "a SHA-256",
  properties: [
    property(
      "is the system's",
      fc.oneof(anyText, fc.string({ unit: codePoint, minLength: 40, maxLength: 140, size: "max" })),
      (text) => {
        expect(sha256(text)).toBe(createHash("sha256").update(text).digest("base64url"));
      },
    ),
  ],
};
