/** A provider is added as CONTRIBUTING.md says: one spec, one line, one facade file, one export line. */
import { appendFile, cp, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf } from "../../scripts/build/bundle.js";
import { listen } from "../helpers/loopback.js";
import { node } from "../helpers/processes.js";
import { temporaryPackage } from "./temporary-package.js";

const { commands } = await entriesOf(fileURLToPath(new URL("../..", import.meta.url)));
const fixture = (file: string) => fileURLToPath(new URL(`fourth-provider/${file}`, import.meta.url));

describe("a fourth provider", () => {
  let copy: Awaited<ReturnType<typeof temporaryPackage>>;
  let generated: string;
  let project: string;

  beforeAll(async () => {
    copy = await temporaryPackage();
    const { root, read } = copy;
    await cp(fixture("lantern.yaml"), join(root, "spec/lantern.yaml"));
    const config = await read("redocly.yaml");
    await writeFile(
      join(root, "redocly.yaml"),
      config.replace("apis:\n", "$&  lantern: { root: spec/lantern.yaml }\n"),
    );
    await cp(fixture("lantern.ts.txt"), join(root, "src/lantern.ts"));
    await appendFile(join(root, "src/index.ts"), 'export * from "./lantern.js";\n');
    generated = await copy.script("generate");
    await copy.script("build");
    ({ project } = await copy.install());
    await writeFile(join(project, "package.json"), '{ "type": "module" }');
  }, 60_000);
  afterAll(() => copy.remove());

  it("has a facade file of less than 120 lines", async () => {
    expect((await readFile(fixture("lantern.ts.txt"), "utf8")).split("\n").length).toBeLessThan(120);
  });

  it("passes lint, and gives types, a client and an entry", () => {
    const files = ["types.ts", "api.ts", "client.ts", "index.ts"];
    const written = generated.match(/(?<=^written +)\S+/gm) ?? [];
    expect(written).toEqual(expect.arrayContaining(files.map((file) => `generated/lantern/${file}`)));
    expect(written.filter((file) => /estuary|openrouter|cockroach/.test(file))).toEqual([]);
  });

  it("compiles with everything else that there is", () => copy.compile("tsconfig.json"));

  it("is an entry of the package, with its types and its spec", async () => {
    const use = `import { lantern, Secret, type ApiKey } from "keysmith";
      import { listApiKeys, createClient, type ApiKey as WireApiKey, type LanternKeys } from "keysmith/lantern";
      import type { lantern as schemas } from "keysmith/types";
      export const keys: LanternKeys = lantern({ apiKey: new Secret("a") });
      export const label = (key: ApiKey<"lantern">): string => key.raw.label;
      export const page: Promise<unknown> = listApiKeys(createClient());
      export const wire: WireApiKey = { id: "k1", label: "a" } satisfies schemas.ApiKey;`;
    const compilerOptions = { lib: ["es2022", "dom"], module: "nodenext", noEmit: true, strict: true, types: [] };
    await writeFile(join(project, "use.ts"), use);
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
    await copy.compile(project);
    await writeFile(join(project, "spec.js"), 'console.log(import.meta.resolve("keysmith/spec/lantern.yaml"));');
    expect(await node(project, ["spec.js"])).toMatch(/keysmith\/spec\/lantern\.yaml$/m);
  });

  it.each(commands)("is known to the command %s", async (command) => {
    const { url, close } = await serveLantern();
    const program = join(project, "node_modules/keysmith/dist", command.replace(/\.ts$/, ".js"));
    try {
      const environment = { LANTERN_API_KEY: "right", LANTERN_BASE_URL: url };
      expect(await node(project, [program, "list", "lantern"], environment)).toMatch(
        /\bk1\b.*\bfirst\b|\bfirst\b.*\bk1\b/,
      );
    } finally {
      await close();
    }
  });

  it("lists page by page, creates and revokes, with the credential and base URL of the environment", async () => {
    const { url, requests, close } = await serveLantern();
    const program = `import { lantern } from "keysmith/lantern";
      const keys = lantern();
      const created = await keys.create({ name: "deploy" });
      console.log(created.id, created.name, String(created.secret), created.secret.reveal());
      console.log(JSON.stringify(await keys.list().toArray()));
      await keys.revoke(created);
      console.log(await lantern({ apiKey: "wrong" }).list().toArray().catch((error) => error.name));`;
    await writeFile(join(project, "use.js"), program);
    try {
      const output = await node(project, ["use.js"], { LANTERN_API_KEY: "right", LANTERN_BASE_URL: url });
      expect(output.trim().split("\n")).toEqual([
        "k2 deploy [secret] lan_2",
        JSON.stringify([
          { provider: "lantern", id: "k1", name: "first", raw: { id: "k1", label: "first" } },
          { provider: "lantern", id: "k2", name: "deploy", raw: { id: "k2", label: "deploy" } },
        ]),
        "AuthenticationError",
      ]);
    } finally {
      await close();
    }
    expect(requests).toEqual(["POST /keys", "GET /keys", "GET /keys?after=1", "DELETE /keys/k2", "GET /keys"]);
  });
});

/** Lantern, as far as its spec tells: a page holds one key, and the credential is `right`. */
async function serveLantern() {
  const keys = [{ id: "k1", label: "first" }];
  const requests: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "" } = request;
    requests.push(`${method} ${url}`);
    const send = (status: number, body?: object) => {
      response.writeHead(status, { "content-type": "application/json" }).end(body && JSON.stringify(body));
    };
    let text = "";
    for await (const chunk of request) text += String(chunk);
    if (request.headers.authorization !== "Bearer right") {
      send(401, { message: "unknown key" });
    } else if (method === "POST") {
      const id = keys.length + 1;
      const key = { id: `k${String(id)}`, label: (JSON.parse(text) as { label: string }).label };
      keys.push(key);
      send(201, { ...key, secret: `lan_${String(id)}` });
    } else if (method === "DELETE") {
      send(204);
    } else {
      const at = Number(new URL(url, "http://lantern.test").searchParams.get("after"));
      send(200, { keys: keys.slice(at, at + 1), ...(at + 1 < keys.length && { next: String(at + 1) }) });
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  return { requests, ...(await listen(server)) };
}
