import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  audit,
  CreateOutcomeUnknownError,
  findOrphans,
  rotate,
  unleash,
  type ClientOptions,
  type Secret,
} from "../../../src/index.js";
import type { Fault, Sandbox } from "../../../src/sandbox/index.js";
import { sha256 } from "../../../src/sha256.js";
import { inProcess } from "../../cli/in-process.js";
import { served, temporaryFolder } from "../../cli/keysmith.js";
import { createSandbox } from "../../conformance/sandbox.js";
import { failureOf, through } from "../../helpers/providers.js";
import { shown, shownIn } from "../../helpers/shown.js";
import { memoryJournal } from "../../rotation/scene.js";
import { MINUTE } from "../../sandbox/calls.js";

const input = { name: "checkout", type: "client" } as const;
const later = "2040-01-01T00:00:00.000Z";
const store = (secret: Secret) => void secret.reveal();

function keysOf(sandbox: Sandbox, more: ClientOptions = {}) {
  return unleash({ ...through(sandbox, "unleash"), maxRetries: 0, ...more });
}

const operations = (sandbox: Sandbox) => sandbox.requests.map(({ operation }) => operation);
const idsIn = (sandbox: Sandbox) =>
  keysOf(sandbox)
    .list()
    .toArray()
    .then((keys) => keys.map(({ id }) => id));

/** Changes the answers of one method as they come by. */
function altering(sandbox: Sandbox, method: string, alter: (body: Record<string, unknown>) => void) {
  return async (url: string, init: RequestInit) => {
    const response = await sandbox.fetch(url, init);
    if (init.method !== method) return response;
    const body = (await response.json()) as Record<string, unknown>;
    alter(body);
    return Response.json(body, response);
  };
}

describe("an Unleash token", () => {
  it("is known by the hash of its plaintext, which stands in the URL of an update and a revocation alone", async () => {
    const sandbox = createSandbox();
    const sent: { method: string; url: string; authorization: string | null }[] = [];
    const keys = keysOf(sandbox, {
      fetch: (url, init) => {
        const { method = "", headers } = init;
        sent.push({ method, url, authorization: new Headers(headers).get("authorization") });
        return sandbox.fetch(url, init);
      },
    });
    const { secret, ...made } = await keys.create({ ...input, environment: "production", projects: ["default"] });
    const plaintext = secret.reveal();
    expect(made).toMatchObject({ id: sha256(plaintext), name: "checkout", provider: "unleash" });
    expect(await keys.list().toArray()).toContainEqual({
      ...made,
      raw: expect.objectContaining({ environment: "production", projects: ["default"] }) as object,
    });
    expect(await keys.update(made.id, { expiresAt: later })).toMatchObject({ id: made.id, expiresAt: later });
    await keys.revoke(made.id);
    expect(await idsIn(sandbox)).not.toContain(made.id);
    const named = sent.filter(({ url }) => url.includes(encodeURIComponent(plaintext))).map(({ method }) => method);
    expect(named).toEqual(["PUT", "DELETE"]);
    // The token stands there alone, without a scheme.
    expect([...new Set(sent.map(({ authorization }) => authorization))]).toEqual([sandbox.credentials.unleash]);
  });

  it.each([
    { given: "the key", of: async (sandbox: Sandbox) => (await keysOf(sandbox).list().toArray()).at(-1) },
    { given: "its id", of: async (sandbox: Sandbox) => (await idsIn(sandbox)).at(-1) },
    { given: "its plaintext", of: (_: Sandbox, plaintext: string) => Promise.resolve(plaintext) },
  ])("is revoked by $given", async ({ of }) => {
    const sandbox = createSandbox();
    const { id, secret } = sandbox.issue("unleash");
    await keysOf(sandbox).revoke((await of(sandbox, secret)) ?? "");
    expect(await idsIn(sandbox)).not.toContain(id);
  });

  it("that the list does not hold is neither updated nor revoked, though the server would answer 200", async () => {
    const sandbox = createSandbox();
    const keys = keysOf(sandbox);
    const { id, secret } = sandbox.issue("unleash");
    await keys.revoke(id);
    const before = sandbox.requests.length;
    for (const call of [
      () => keys.revoke(id),
      () => keys.revoke(secret),
      () => keys.update(id, { expiresAt: later }),
    ]) {
      expect(await failureOf(call())).toMatchObject({ kind: "not-found" });
    }
    expect(operations(sandbox).slice(before)).toEqual(["listApiKeys", "listApiKeys", "listApiKeys"]);
  });

  it.each([
    { method: "PUT", call: "update", want: { kind: "invalid-response" } },
    { method: "DELETE", call: "revoke", want: { kind: "server" } },
  ] as const)("that is as before an $call that the server called done is told as an error", async (row) => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("unleash");
    const keys = keysOf(sandbox, {
      fetch: (url, init) =>
        init.method === row.method ? Promise.resolve(new Response(null)) : sandbox.fetch(url, init),
    });
    const call = row.call === "update" ? keys.update(id, { expiresAt: later }) : keys.revoke(id);
    expect(await failureOf(call)).toMatchObject(row.want);
  });

  it("can revoke itself, after which it can no longer look", async () => {
    const clock = { ms: Date.now() };
    const sandbox = createSandbox({ now: () => clock.ms });
    const { id, secret } = sandbox.issue("unleash", { type: "admin" });
    const keys = keysOf(sandbox, {
      apiKey: secret,
      fetch: async (url, init) => {
        const response = await sandbox.fetch(url, init);
        // The server remembers who a token is for a minute.
        if (init.method === "DELETE") clock.ms += MINUTE;
        return response;
      },
    });
    await keys.revoke(id);
    expect(sandbox.requests.at(-1)).toMatchObject({ operation: "listApiKeys", status: 401 });
    expect(await idsIn(sandbox)).not.toContain(id);
  });

  it("needs the address of a server, which nobody else knows", () => {
    expect(() => unleash({ apiKey: "not-a-real-key" })).toThrow("UNLEASH_BASE_URL");
  });

  it("is audited by all that the server tells of it, and nothing is unknown", async () => {
    const sandbox = createSandbox();
    sandbox.issue("unleash", { name: "old", createdAt: "2020-01-01T00:00:00Z", expiresAt: "2021-01-01T00:00:00Z" });
    const findings = audit(await keysOf(sandbox).list().toArray());
    const rules = findings.filter(({ name }) => name === "old").map(({ rule }) => rule);
    expect(rules).toEqual(["expired"]);
    expect(findings.filter(({ status }) => status === "unknown")).toEqual([]);
  });
});

describe("rotating an Unleash token", () => {
  it.each(["client", "frontend"] as const)("of the type %s gives one like it, expiry and all", async (type) => {
    const sandbox = createSandbox({ unleashProjects: ["a", "b"] });
    const like = { type, environment: "production", projects: ["a", "b"], expiresAt: later };
    const { id } = sandbox.issue("unleash", { name: "ci", ...like });
    const { new: made, retired } = await rotate(keysOf(sandbox), id, { store });
    expect(retired).toBe("revoked");
    expect(made).toMatchObject({ name: "ci", raw: like });
    expect(await idsIn(sandbox)).not.toContain(id);
  });

  it("of the type backend, which is listed as client, takes client for the same", async () => {
    const sandbox = createSandbox();
    const { id } = await keysOf(sandbox).create({ ...input, type: "backend" });
    expect((await rotate(keysOf(sandbox), id, { store, overrides: { type: "backend" } })).retired).toBe("revoked");
  });

  it("refuses an admin token, and says what to use in its place", async () => {
    const sandbox = createSandbox();
    const { id } = sandbox.issue("unleash", { type: "admin" });
    const error = await failureOf(rotate(keysOf(sandbox), id, { store }));
    expect(error).toMatchObject({ step: "read", message: expect.stringContaining("personal access token") as string });
    expect(operations(sandbox)).not.toContain("createApiKey");
  });

  it.each([
    { field: "type", value: "frontend" },
    { field: "environment", value: "development" },
    { field: "projects", value: ["*"] },
    { field: "expiresAt", value: "2039-01-01T00:00:00.000Z" },
  ])("stops where the new token has another $field, and takes it back", async ({ field, value }) => {
    const sandbox = createSandbox();
    const old = { environment: "production", projects: ["default"], expiresAt: later };
    const { id } = sandbox.issue("unleash", old);
    const keys = keysOf(sandbox, { fetch: altering(sandbox, "POST", (body) => (body[field] = value)) });
    const error = await failureOf(rotate(keys, id, { store }));
    expect(error).toMatchObject({ step: "create", valid: [id], message: expect.stringContaining(field) as string });
    expect(await idsIn(sandbox)).toEqual([sha256(sandbox.credentials.unleash), id]);
  });

  it("heals by the plaintext in the store, whose hash is the id", async () => {
    const sandbox = createSandbox();
    const { id, secret } = sandbox.issue("unleash");
    let stored = secret;
    const failing = (next: Secret) => {
      stored = next.reveal();
      return Promise.reject(new Error("the answer of the vault was lost"));
    };
    const error = await failureOf(rotate(keysOf(sandbox), id, { store: failing, read: () => stored }));
    expect(error).toMatchObject({ step: "store", valid: expect.arrayContaining([sha256(stored)]) as string[] });
    expect(await idsIn(sandbox)).toEqual(expect.arrayContaining([id, sha256(stored)]));
  });
});

describe("the plaintext of an Unleash token, which its list shows and its URLs hold, is in nothing that is shown:", () => {
  /** A server with tokens of each kind, old ones among them, and everything that is told of what is done with them. */
  function watched(more: (sandbox: Sandbox) => ClientOptions = () => ({})) {
    const sandbox = createSandbox({ now: Date.now });
    const old = { projects: ["default"], environment: "production" };
    const issued = [
      sandbox.issue("unleash", { name: "ci", ...old }),
      sandbox.issue("unleash", { type: "frontend" }),
    ] as const;
    const secrets = [sandbox.credentials.unleash, ...issued.map(({ secret }) => secret)];
    const output: string[] = [];
    for (const method of ["log", "info", "warn", "error", "debug"] as const) {
      vi.spyOn(console, method).mockImplementation((...args: unknown[]) => void output.push(...args.flatMap(shown)));
    }
    const keys = keysOf(sandbox, { onEvent: (event) => output.push(...shown(event)), ...more(sandbox) });
    const kept = async (work: () => Promise<unknown>): Promise<void> => {
      try {
        output.push(...shown(await work()));
      } catch (error) {
        output.push(...shown(error));
        if (error instanceof CreateOutcomeUnknownError) await kept(() => error.candidates());
      }
    };
    const { journal } = memoryJournal();
    const noting = (...entry: unknown[]) => void output.push(...entry.flatMap(shown));
    const rotating = (id: string) =>
      rotate(keys, id, {
        store: (secret) => void secrets.push(secret.reveal()),
        onStep: noting,
        journal: {
          open: (entry) => (noting(entry), journal.open(entry)),
          note: (entry) => (noting(entry), journal.note(entry)),
          close: (entry) => (noting(entry), journal.close(entry)),
        },
      });
    const everything = async (beforeEach: () => unknown = () => undefined) => {
      const [{ id, secret }, other] = issued;
      for (const work of [
        async () => {
          const made = await keys.create(input);
          secrets.push(made.secret.reveal());
          return made;
        },
        () => keys.list().toArray(),
        () => keys.list().pages().next(),
        () => keys.update(secret, { expiresAt: later }),
        () => keys.update(id, { expiresAt: later }).withResponse(),
        () => rotating(id),
        () => findOrphans(keys, { held: () => false, minAgeMs: 0 }),
        async () => audit(await keys.list().toArray()),
        () => keys.revoke(secret),
        () => keys.revoke(other.id).withResponse(),
        () => keys.revoke(other.secret),
        () => keys.revoke("*:production.one-that-was-never-there"),
      ]) {
        await beforeEach();
        await kept(work);
      }
      output.push(...shown(keys), ...shown(sandbox.requests));
      secrets.push("one-that-was-never-there");
    };
    return { sandbox, secrets, output, everything };
  }

  const faults: (Omit<Fault & { kind: "status" }, "operation"> | Record<string, unknown> | undefined)[] = [
    undefined,
    ...[400, 401, 404, 500].map((status) => ({ kind: "status", status, retryAfter: 0 })),
    { kind: "lost", when: "after" },
    { kind: "truncated" },
    { kind: "garbage" },
    { kind: "redirect", location: "https://elsewhere.example" },
  ];

  it.each(faults)("whatever goes wrong: %j", async (fault) => {
    const { sandbox, secrets, output, everything } = watched();
    await everything(() => fault && sandbox.fail({ ...fault, operation: "*" } as Fault));
    expect(output.length).toBeGreaterThan(50);
    expect(output.flatMap((text) => shownIn(text, secrets))).toEqual([]);
  });

  it.each([
    {
      echo: "its errors",
      answer: (url: string) =>
        Response.json({ name: "NotFoundError", message: `No ${url}`, details: [] }, { status: 404 }),
    },
    {
      echo: "its errors, decoded",
      answer: (url: string) => Response.json({ message: decodeURIComponent(url), path: url }, { status: 500 }),
    },
    {
      echo: "its headers",
      answer: (url: string) => new Response(null, { headers: { location: url, "x-request-id": url } }),
    },
    {
      echo: "a page",
      answer: (url: string) => new Response(`<p>${url}`, { status: 404, headers: { "content-type": "text/html" } }),
    },
    {
      echo: "what the network says",
      answer: (url: string) => {
        throw new TypeError(`fetch of ${url} failed`, { cause: new Error(decodeURIComponent(url)) });
      },
    },
  ])("whatever the server or a proxy quotes of the URL in $echo", async ({ answer }) => {
    const { secrets, output, everything } = watched((sandbox) => ({
      fetch: async (url, init) =>
        init.method === "PUT" || init.method === "DELETE" ? answer(url) : sandbox.fetch(url, init),
    }));
    await everything();
    expect(output.flatMap((text) => shownIn(text, secrets))).toEqual([]);
  });

  it("whatever the command prints and writes, but where the new one is to be", async () => {
    const { sandbox, env } = await served();
    const { id, secret } = sandbox.issue("unleash", { name: "ci" });
    const folder = await temporaryFolder();
    const journal = join(folder, "journal");
    await writeFile(join(folder, ".env"), `UNLEASH_TOKEN='${secret}'\n`);
    const dotenv = ["--dotenv", ".env", "--variable", "UNLEASH_TOKEN"];
    const printed: string[] = [];
    const codes: (number | null)[] = [];
    for (const args of [
      ["list", "unleash"],
      ["list", "unleash", "--json"],
      ["audit", "unleash", "--json"],
      ["orphans", "unleash", "--json"],
      ["update", "unleash", id, "--expires-at", later],
      ["rotate", "unleash", id, ...dotenv, "--journal", journal],
      ["revoke", "unleash", secret, "--yes"],
      ["revoke", "unleash", id, "--yes"],
      ["list", "unleash", "--json"],
    ]) {
      const { code, stdout, stderr } = await inProcess(args, { env, cwd: folder });
      codes.push(code);
      printed.push(stdout, stderr);
    }
    const made = /UNLEASH_TOKEN='(.*)'/.exec(await readFile(join(folder, ".env"), "utf8"))?.[1] ?? "";
    expect(await idsIn(sandbox)).toContain(sha256(made));
    const noted = await Promise.all((await readdir(journal)).map((file) => readFile(join(journal, file), "utf8")));
    expect([...printed, ...noted].flatMap((text) => shownIn(text, [secret, made]))).toEqual([]);
    expect({ codes, printed }).toEqual({ codes: [0, 0, 3, 0, 0, 0, 2, 1, 0], printed: expect.any(Array) as string[] });
  });
});
