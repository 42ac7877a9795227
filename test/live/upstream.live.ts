import { fileURLToPath } from "node:url";
import { expect, inject, it } from "vitest";
import { Program } from "../helpers/processes.js";

it("the document that Unleash serves says nothing that was not decided on", async () => {
  const document = `${inject("live").url}/docs/openapi.json`;
  const args = ["scripts/run.js", "scripts/upstream.ts", "unleash", document];
  const { code, stdout, stderr } = await new Program(process.execPath, args, {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
  }).ended;
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: "" });
});
