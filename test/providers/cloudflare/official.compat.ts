/** Cloudflare's official client works against the sandbox, as it does against Cloudflare. */
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { serveSandbox } from "../../../src/cli/serve-sandbox.js";
import { createSandbox } from "../../conformance/sandbox.js";
import { run } from "../../helpers/processes.js";

it("the official client of Cloudflare lives a token's life at the sandbox, its user's and an account's", async () => {
  const folder = await mkdtemp(join(tmpdir(), "keysmith-official-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(fileURLToPath(new URL("official", import.meta.url)), folder, { recursive: true });
  await rename(join(folder, "life.js.txt"), join(folder, "life.js"));
  await run("npm", ["ci", "--ignore-scripts"], { cwd: folder, env: process.env });

  const sandbox = createSandbox();
  // Enough for several pages of 5.
  for (let i = 0; i < 12; i++) sandbox.issue("cloudflare");
  const served = await serveSandbox({ sandbox });
  onTestFinished(() => served.close());
  const { stdout } = await run(process.execPath, ["life.js"], {
    cwd: folder,
    env: {
      ...process.env,
      CLOUDFLARE_BASE_URL: `${served.url}/cloudflare/client/v4`,
      CLOUDFLARE_API_TOKEN: sandbox.credentials.cloudflare,
    },
  });
  const life = {
    listed: true,
    condition: { request_ip: { in: ["192.0.2.0/24"] } },
    name: "renamed",
    verified: { own: true, status: "active" },
    old: 401,
    deleted: true,
    gone: 404,
  };
  expect(JSON.parse(stdout)).toEqual([
    { ...life, value: "cfut_", rolled: "cfut_" },
    { ...life, value: "cfat_", rolled: "cfat_" },
  ]);
  expect(sandbox.keys("cloudflare")).toHaveLength(13);
});
