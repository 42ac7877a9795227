/** What stands in paths before the keys, such as a project: given by a flag of the command's, or by the environment. */
import { describe, expect, it } from "vitest";
import { inProcess } from "./in-process.js";
import { served, temporaryFolder } from "./keysmith.js";

const other = { OPENAI_PROJECT_ID: "proj_other" };
const ACCOUNT = "0123456789abcdef0123456789abcdef";

describe("what stands before the keys", () => {
  it.each([
    { given: ["list", "openaiproject"], want: [/GET .*\/proj_main\//] },
    { given: ["audit", "openaiproject"], want: [/GET .*\/proj_main\//] },
    { given: ["orphans", "openaiproject"], want: [/GET .*\/proj_main\//] },
    { given: ["get", "openaiproject", "ID"], want: [/GET .*\/proj_main\/.*ID/] },
    { given: ["update", "openaiproject", "ID", "--expires-in", "24h"], want: [/POST .*\/proj_main\/.*ID/] },
    {
      given: ["create", "openaiproject", "--name", "deploy", "--out", "new"],
      want: [/POST .*\/proj_main\/service_accounts$/],
    },
    {
      given: ["rotate", "openaiproject", "ID", "--scopes", "all", "--out", "new", "--retire", "keep"],
      want: [/GET .*\/proj_main\/.*ID/, /POST .*\/proj_main\//],
    },
    { given: ["revoke", "openaiproject", "ID", "--yes"], want: [/DELETE .*\/proj_main\/.*ID/] },
  ])("is given by a flag, which goes before the environment: keysmith $given", async ({ given, want }) => {
    const { sandbox, env } = await served();
    const { id } = sandbox.issue("openaiproject", { name: "ci" });
    const { code } = await inProcess([...given.map((one) => (one === "ID" ? id : one)), "--project", "proj_main"], {
      env: { ...env, ...other },
      cwd: await temporaryFolder(),
    });
    const requests = sandbox.requests.map(({ method, path }) => `${method} ${path.replaceAll(id, "ID")}`);
    for (const request of want) expect(requests).toContainEqual(expect.stringMatching(request));
    expect(requests.filter((request) => request.includes("proj_other"))).toEqual([]);
    expect([0, 3]).toContain(code);
  });

  it("is given for a provider that can do without it, too", async () => {
    const { sandbox, env } = await served();
    await inProcess(["current", "cloudflare", "--account", ACCOUNT], { env });
    await inProcess(["list", "cloudflare"], { env });
    expect(sandbox.requests.map(({ path }) => path)).toEqual([
      `/accounts/${ACCOUNT}/tokens/verify`,
      "/user/tokens",
      "/user/tokens",
    ]);
  });

  it("is named with its flag and its variable, where there is none", async () => {
    const { env } = await served();
    const { code, stderr } = await inProcess(["list", "openaiproject"], { env: { ...env, OPENAI_PROJECT_ID: "" } });
    expect(stderr).toContain("openaiproject: there is no project. Give --project <id>, or set OPENAI_PROJECT_ID.");
    expect(code).toBe(2);
  });

  it.each([
    {
      given: ["list", "openrouter", "--project", "p"],
      want: "openrouter knows no --project; that is for openaiproject.",
    },
    { given: ["list", "openaiproject", "--project", ""], want: "--project is empty" },
    { given: ["list", "openaiproject", "--project", ".."], want: 'neither "." nor ".."' },
    { given: ["list", "openaiproject", "--project", `sk-admin-${"x".repeat(40)}`], want: "no plaintext of a key" },
  ])("is refused where it is none, and nothing is sent: keysmith $given", async ({ given, want }) => {
    const { sandbox, env } = await served();
    const { code, stderr } = await inProcess(given, { env });
    expect(stderr).toContain(want);
    expect(stderr).not.toContain("xxxx");
    expect({ code, requests: sandbox.requests }).toEqual({ code: 2, requests: [] });
  });

  it.each(["list", "get", "create", "update", "revoke", "rotate", "orphans", "audit"])(
    "stands in the help of %s, among the options of its provider",
    async (command) => {
      const { stdout } = await inProcess([command, "openaiproject", "--help"]);
      expect(stdout).toMatch(/^Options of openaiproject:\n(?: {2,}.*\n)*? {2}--project <id>/m);
      expect(stdout.replace(/\s+/g, " ")).toContain("whose keys these are; OPENAI_PROJECT_ID unless given");
      expect((await inProcess([command, "openrouter", "--help"])).stdout).not.toContain("--project");
    },
  );
});
