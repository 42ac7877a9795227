import assert from "node:assert/strict";
import { inspect, isDeepStrictEqual } from "node:util";
import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  cockroach,
  CreateOutcomeUnknownError,
  estuary,
  openrouter,
  Secret,
  type ClientOptions,
} from "../../src/index.js";
import type { Fault, Sandbox } from "../../src/sandbox/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { shown } from "../helpers/shown.js";

describe("a secret shows itself only when asked:", () => {
  const plaintext = "sk-or-v1-not-a-real-key";
  const secret = new Secret(plaintext);

  it("reveal() gives it", () => {
    expect(secret.reveal()).toBe(plaintext);
  });

  it.each([
    { way: "String()", shown: String(secret) },
    // oxlint-disable-next-line typescript/restrict-template-expressions -- this is what must be safe
    { way: "a template", shown: `${secret}` },
    { way: "JSON.stringify", shown: JSON.stringify({ secret }) },
    { way: "inspect", shown: inspect({ secret }, { depth: Infinity, showHidden: true, getters: true }) },
    { way: "structuredClone", shown: inspect(structuredClone(secret), { showHidden: true }) },
    { way: "a copy of its properties", shown: inspect(Object.assign({}, secret), { showHidden: true, getters: true }) },
    { way: "Object.entries", shown: JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret)]) },
    { way: "an inspector that calls nothing of it", shown: inspect(secret, { customInspect: false, getters: true }) },
    { way: "everything that properties lead to", shown: shown(secret).join("\n") },
    { way: "an error's message", shown: new Error(String(secret)).stack ?? "" },
  ])("$way does not", ({ shown }) => {
    expect(shown).not.toContain("not-a-real-key");
  });
});

describe("secrets are compared by what they hold:", () => {
  const twins = [new Secret("sk-or-v1-one"), new Secret("sk-or-v1-one")] as const;
  const others = [new Secret("sk-or-v1-one"), new Secret("sk-or-v1-two")] as const;
  const throws = (work: () => void) => {
    try {
      work();
      return false;
    } catch {
      return true;
    }
  };

  it.each<[string, (one: unknown, other: unknown) => boolean]>([
    ["isDeepStrictEqual", isDeepStrictEqual],
    ["deepStrictEqual", (one, other) => !throws(() => assert.deepStrictEqual(one, other))],
    ["toEqual", (one, other) => !throws(() => expect(one).toEqual(other))],
    ["toStrictEqual", (one, other) => !throws(() => expect(one).toStrictEqual(other))],
    ["deep.equal of Chai", (one, other) => !throws(() => expect(one).to.deep.equal(other))],
  ])("%s", (_, equal) => {
    expect([equal(...twins), equal(...others)]).toEqual([true, false]);
    expect([equal([...twins], [...twins]), equal({ key: twins }, { key: others })]).toEqual([true, false]);
  });

  it("a proxy of one is told apart, and can be looked at", () => {
    const proxy = new Proxy(twins[0], {});
    expect(isDeepStrictEqual(proxy, twins[0])).toBe(false);
    expect(shown(proxy).join("\n")).not.toContain("sk-or-v1-one");
  });

  it("also after many others were", () => {
    for (let count = 0; count < 1_000; count++) expect(new Secret(String(count))).toEqual(new Secret(String(count)));
    expect(twins[0]).toEqual(twins[1]);
  });

  it("what a failed comparison says holds no plaintext", () => {
    for (const compare of [
      () => expect({ key: others[0] }).toEqual({ key: others[1] }),
      () => assert.deepStrictEqual({ key: others[0] }, { key: others[1] }),
    ]) {
      let said: unknown;
      try {
        compare();
      } catch (error) {
        said = error;
      }
      expect(said).toBeInstanceOf(Error);
      expect(shown(said).join("\n")).not.toMatch(/sk-or-v1-(one|two)/);
    }
  });

  it.each([
    { other: "sk-or-v1-one", same: true },
    { other: new Secret("sk-or-v1-one"), same: true },
    { other: "sk-or-v1-onf", same: false },
    { other: "sk-or-v1-on", same: false },
    { other: "sk-or-v1-one\0", same: false },
    { other: "", same: false },
    { other: "[secret]", same: false },
  ])("equals() %j: $same", ({ other, same }) => {
    expect(twins[0].equals(other)).toBe(same);
  });
});

/** Every form in which a secret might be found in what others can read. */
function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((offset) =>
    // Without the characters at either end that its neighbours have a part in.
    Buffer.from("x".repeat(offset) + secret)
      .toString("base64")
      .slice(offset ? 4 : 0)
      .replace(/=*$/, "")
      .slice(0, -2),
  );
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...base64,
    ...base64.map((text) => text.replace(/\+/g, "-").replace(/\//g, "_")),
  ];
}

function leaksIn(output: string[], secrets: string[]): string[] {
  const forms = secrets.flatMap(formsOf);
  return output.filter((text) => forms.some((form) => text.includes(form)));
}

// What no key looks like, so that URL encoding, JSON and base64 all change it.
const AWKWARD = 'p"\\+/=%&?#<>~secret~of~the~caller~';

describe("no plaintext key is in what errors, events, inspection, JSON and the console show", () => {
  const output: string[] = [];
  const secrets: string[] = [];
  beforeEach(() => {
    for (const method of ["log", "info", "warn", "error", "debug"] as const) {
      vi.spyOn(console, method).mockImplementation((...args: unknown[]) => void output.push(...args.flatMap(shown)));
    }
  });

  const watched = (sandbox: Sandbox, more: ClientOptions): ClientOptions => ({
    fetch: sandbox.fetch,
    maxRetries: 0,
    onEvent: (event) => output.push(...shown(event)),
    ...more,
  });
  const kept = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      const result = await work();
      output.push(...shown(result));
      const { secret } = result as { secret?: Secret };
      if (secret) secrets.push(secret.reveal());
    } catch (error) {
      output.push(...shown(error));
      if (error instanceof CreateOutcomeUnknownError) await kept(() => error.candidates());
    }
  };

  const faults: (Omit<Fault & { kind: "status" }, "operation"> | Record<string, unknown>)[] = [
    ...[400, 401, 403, 404, 409, 418, 429, 500, 502, 503, 504].map((status) => ({
      kind: "status",
      status,
      retryAfter: 0,
    })),
    { kind: "lost", when: "before" },
    { kind: "lost", when: "after" },
    { kind: "refused" },
    { kind: "hang", when: "after" },
    { kind: "truncated" },
    { kind: "garbage" },
    { kind: "html" },
    { kind: "empty" },
    { kind: "redirect", location: "https://elsewhere.example" },
  ];

  it.each([undefined, ...faults])("whatever goes wrong: %j", async (fault) => {
    const sandbox = createSandbox({ estuaryVersion: "v0.4.3" });
    secrets.push(...Object.values(sandbox.credentials));
    const legacy = sandbox.issue("estuary", { label: "legacy", legacy: true });
    secrets.push(legacy.secret);
    const upload = sandbox.issue("estuary", { permissions: "upload" });
    secrets.push(upload.secret);
    const break_ = () => fault && sandbox.fail({ ...fault, operation: "*" } as Fault);

    // What hangs ends by this alone; nothing else may.
    const timeoutMs = fault?.kind === "hang" ? 30 : Infinity;
    const e = estuary(watched(sandbox, { timeoutMs, apiKey: sandbox.credentials.estuary }));
    const o = openrouter(watched(sandbox, { timeoutMs, apiKey: new Secret(sandbox.credentials.openrouter) }));
    const c = cockroach(watched(sandbox, { timeoutMs, apiKey: () => sandbox.credentials.cockroach }));
    const calls: (() => Promise<unknown>)[] = [
      () => e.create({ name: "ci" }),
      () => e.list().toArray(),
      () => e.revoke(legacy.id),
      () => e.revoke(upload.secret, { confirm: false }),
      () => e.stats(),
      () => e.export(),
      () => o.create({ name: "ci", external: { user: "u", apiKey: AWKWARD } }),
      () => o.list().toArray(),
      () => o.get("a"),
      () => o.update("a", { disabled: true }),
      () => o.revoke("a"),
      () => o.current().withResponse(),
      () => c.create({ name: "ci", serviceAccountId: sandbox.serviceAccounts.orgAdmin }),
      () => c.list().toArray(),
      () => c.get("a"),
      () => c.update("a", { name: "b" }),
      () => c.revoke("a"),
      () => estuary(watched(sandbox, { timeoutMs, apiKey: upload.secret })).stats(),
    ];
    secrets.push(AWKWARD);
    for (const call of calls) {
      break_();
      await kept(call);
    }
    output.push(...shown(sandbox.requests), ...shown(e), ...shown(o), ...shown(c));
  });

  it("whatever a hostile server sends back", async () => {
    const encodings: ((text: string) => string)[] = [
      (text) => text,
      encodeURIComponent,
      (text) => Array.from(text, (character) => `%${character.charCodeAt(0).toString(16)}`).join(""),
      (text) => JSON.stringify(text).slice(1, -1),
      (text) => Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
      (text) => Buffer.from(text).toString("base64"),
      (text) => Buffer.from(text).toString("base64url"),
      (text) => Buffer.from(`Bearer ${text}`).toString("base64"),
      (text) => Buffer.from(`{"authorization":"Bearer ${text}"}`).toString("base64"),
      (text) => Buffer.from(encodeURIComponent(text)).toString("base64"),
      (text) => encodeURIComponent(Buffer.from(text).toString("base64")),
    ];
    const credential = "sk-or-v1-/credential+that=is~echoed";
    secrets.push(credential);
    for (const encode of encodings) {
      for (const given of [[credential], [credential, AWKWARD]]) {
        const echo = `you sent ${given.map(encode).join(" and ")}, ${"padding ".repeat(20)} ${encode(credential)}`;
        const bodies = [
          JSON.stringify({ error: { code: echo, message: echo, metadata: { echo } } }),
          JSON.stringify({ error: echo, details: echo }),
          JSON.stringify({ code: 3, message: echo, details: [echo] }),
          echo,
          echo.repeat(40),
        ];
        const headers = { "x-request-id": echo, "x-echo": echo, "set-cookie": echo };
        const answers = bodies.flatMap((body) =>
          [200, 302, 400, 401, 500].map((status) => () => Promise.resolve(new Response(body, { status, headers }))),
        );
        const failure = new TypeError(`fetch failed for ${echo}`, { cause: { headers: echo } });
        answers.push(() => Promise.reject(Object.assign(failure, { request: echo, code: encode(credential) })));
        for (const fetch of answers) {
          const onEvent = (event: unknown) => output.push(...shown(event));
          const keys = openrouter({ apiKey: credential, fetch, maxRetries: 0, onEvent });
          const [, apiKey] = given;
          await kept(() => (apiKey ? keys.create({ name: "ci", external: { user: "u", apiKey } }) : keys.get("a")));
        }
      }
    }
  });

  it("whatever is wrong with the credential itself", async () => {
    for (const apiKey of ["sk-or-v1-line\nbreak", "sk-or-v1-späce d", " ", "sk-or-v1-nul\0"]) {
      secrets.push(apiKey.trim() || "sk-or-v1-none");
      await kept(() => Promise.resolve(openrouter({ apiKey }).provider));
      await kept(() => openrouter({ apiKey: () => apiKey }).current());
    }
  });

  it("and the same search finds a secret that was planted", () => {
    const planted = "EST-planted-on-purpose-ARY";
    for (const form of [planted, encodeURIComponent(planted), Buffer.from(`Bearer ${planted}`).toString("base64")]) {
      expect(leaksIn([`some ${form} text`], [planted])).toHaveLength(1);
    }
    expect(leaksIn(["some text"], [planted])).toEqual([]);
  });

  it("is found nowhere", () => {
    expect(new Set(secrets).size).toBeGreaterThan(40);
    expect(output.length).toBeGreaterThan(5_000);
    expect(leaksIn(output, [...new Set(secrets)])).toEqual([]);
  });
});

describe("a server that repeats a plaintext", () => {
  const plaintext = `sk-or-v1-0123456789abcdef02468ace13579bdf${"fedcba9876543210".repeat(2)}`;
  const json = (body: unknown, status = 200) =>
    Promise.resolve(Response.json(body, { status, headers: { "x-request-id": "r1" } }));
  const inBase64 = (text: string) => Buffer.from(text).toString("base64");

  it.each<[string, Record<string, string>]>([
    ["as the label", { label: plaintext }],
    ["as the name", { name: plaintext }],
    ["in a field that the spec does not know", { key: plaintext }],
    ["within a text", { name: `made ${plaintext} today` }],
    ["as the name of a field", { [plaintext]: "x" }],
    ["without its first character", { label: plaintext.slice(1) }],
    ["in base64", { label: inBase64(plaintext) }],
  ])("in a new key, %s, shows it nowhere but in the secret", async (_, more) => {
    const keys = openrouter({
      apiKey: "a-management-key",
      fetch: () => json({ key: plaintext, data: { hash: "h", ...more } }),
    });
    const key = await keys.create({ name: "ci" });
    expect(key.secret.reveal()).toBe(plaintext);
    expect(key.id).toBe("h");
    for (const text of shown(key)) expect(text).not.toMatch(/fedcba|ZmVkY2Jh|lZGNiY/);
  });

  it("delivers one that is longer than any key, and lists keys afterwards", async () => {
    const long = 'a"b-'.repeat(100_000);
    const row = { hash: "h", name: "ci" };
    const keys = openrouter({
      apiKey: "a-management-key",
      fetch: (url, { method }) =>
        json(method === "POST" ? { key: long, data: row } : { data: url.includes("offset=") ? [] : [row] }),
    });
    expect((await keys.create({ name: "ci" })).secret.reveal()).toBe(long);
    expect((await keys.list().toArray()).map(({ id }) => id)).toEqual(["h"]);
  });

  it.each([
    { given: { api_key: { id: "opaque-plaintext-0123456789", name: "ci" } }, secret: "opaque-plaintext-0123456789" },
    { given: { api_key: { id: "CCDB1_id", name: "ci" } }, secret: "CCDB1_id_plaintext-0123456789", id: "CCDB1_id" },
    { given: {}, secret: "CCDB1_id_plaintext-0123456789", id: "CCDB1_id" },
    { given: {}, secret: "CCDB1_plaintextwithoutthird" },
    { given: {}, secret: "opaque-plaintext-0123456789" },
  ])("never makes it an id: $given, $secret", async ({ given, secret, id = "" }) => {
    const asked: string[] = [];
    const keys = cockroach({
      apiKey: "a-management-key",
      fetch: (url, { method }) => {
        asked.push(url);
        return method === "POST" ? json({ ...given, secret }) : json({ code: 5, message: "no" }, 404);
      },
    });
    const key = await keys.create({ name: "ci", serviceAccountId: "00000000-0000-4000-8000-00000000000a" });
    expect(key.id).toBe(id);
    output.length = 0;
    output.push(...shown(key), ...shown(await keys.revoke(key).catch((error: unknown) => error)), ...asked);
    expect(leaksIn(output, [secret])).toEqual([]);
  });

  const output: string[] = [];
  const saying = async (error: object) => {
    const answers = [{ key: plaintext, data: { hash: "h" } }];
    const keys = openrouter({
      apiKey: "a-management-key",
      fetch: () => {
        const answer = answers.pop();
        return answer ? json(answer) : json({ error }, 400);
      },
    });
    await keys.create({ name: "ci" });
    return shown(await keys.get("h").catch((error: unknown) => error)).join("\n");
  };

  it.each([
    { given: { code: 400, message: `no key ${plaintext}` }, want: "no key [secret]" },
    { given: { code: 400, message: `no key ${plaintext.slice(1)}` } },
    { given: { code: 400, message: `no key ${plaintext.slice(0, -1)}` } },
    { given: { code: 400, message: `no key …${plaintext.slice(-15)}` } },
    { given: { code: 400, message: plaintext.replace(/.{10}/g, "$& ") } },
    { given: { code: 400, message: inBase64(plaintext).replace(/.{16}/g, "$&\n") } },
    { given: { code: 400, message: inBase64(plaintext).replace(/.{16}/g, "$& ") } },
    { given: { code: plaintext.slice(0, -8), message: plaintext.slice(-8) } },
    { given: { code: plaintext.slice(-8), message: plaintext.slice(0, -8) } },
    { given: { code: 400, message: `${"x".repeat(264)}${plaintext}` }, want: "xxx[secret]" },
    { given: { code: "a", message: "the key sk-or-v1-012...210" }, want: "the key sk-or-v1-012...210" },
    { given: { code: "a", message: `the id ${plaintext.slice(0, 28)}` }, want: `the id ${plaintext.slice(0, 28)}` },
  ])("in an error: $given", async ({ given, want = "[secret]" }) => {
    const said = await saying(given);
    expect(said).toContain(want);
    expect(said).not.toMatch(/fedc ?ba98|ZmVkY2Jh|9876543210/);
  });

  it("of a key that is made after an earlier error shows it in no later one", async () => {
    const error = (message: string) => json({ error: { code: 400, message } }, 400);
    const answers = [() => error("no key"), () => json({ key: plaintext, data: { hash: "h" } })];
    const fetch = () => answers.shift()?.() ?? error(`no key ${plaintext}`);
    const keys = openrouter({ apiKey: "a-management-key", fetch });
    await keys.get("h").catch(String);
    await keys.create({ name: "ci" });
    expect(await keys.get("h").catch(String)).toContain("no key [secret]");
  });

  it("over code and message, where neither holds enough of it, shows neither half", async () => {
    const [code, message] = [plaintext.slice(-22, -11), plaintext.slice(-11)];
    const said = await saying({ code, message });
    expect(said).not.toContain(code);
    expect(said).not.toContain(message);
  });

  it("so often that there is no end to it shows no part of it where the text is cut off", async () => {
    const apiKey = Array.from({ length: 41 }, (_, index) => String(1000 + index * 7)).join("");
    const keys = openrouter({ apiKey, fetch: () => json({ error: { code: 400, message: apiKey.repeat(30) } }, 400) });
    const said = shown(await keys.get("h").catch((error: unknown) => error)).join("\n");
    expect(said).toContain("[secret]");
    expect(said).not.toContain(apiKey.slice(0, 12));
  });

  it("is not believed by a call that began before the key was made and ended after it", async () => {
    let release: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const keys = openrouter({
      apiKey: "a-management-key",
      fetch: async (url, { method }) => {
        if (method === "POST") return json({ key: plaintext, data: { hash: "h" } });
        if (!url.endsWith("/key")) return json({ error: { code: 404, message: `no key ${plaintext}` } }, 404);
        await gate;
        return json({ data: { label: "l" } });
      },
    });
    const slow = keys.current();
    await keys.create({ name: "ci" });
    const before = await keys.get("h").catch(String);
    release?.();
    await slow;
    expect(before).toContain("no key [secret].");
    expect(await keys.get("h").catch(String)).toBe(before);
  });
});

describe("events show of headers that may hold a secret only that they are there:", () => {
  const names = [
    "password",
    "credential",
    "credentials",
    "jwt",
    "signature",
    "sig",
    "passphrase",
    "session",
    "csrf-token",
  ];
  const more = ["x-api-key", "proxy-authorization", "cookie", "x-otp", "x-amz-security-token", "x-client-secret"];

  it.each([...names.map((name) => `x-${name}`), ...more])("%s", async (name) => {
    const headers: (string | undefined)[] = [];
    const keys = openrouter({
      apiKey: "a-management-key",
      headers: { [name]: "of-the-caller" },
      fetch: () => Promise.resolve(Response.json({ data: {} }, { headers: { [name]: "of-the-server" } })),
      onEvent: (event) => {
        if (event.headers) headers.push(event.headers[name]);
      },
    });
    await keys.current();
    expect(headers).toEqual(["[secret]", "[secret]"]);
  });

  it.each(["x-request-id", "content-type", "x-echo"])("but %s as it is", async (name) => {
    const headers: (string | undefined)[] = [];
    const keys = openrouter({
      apiKey: "a-management-key",
      fetch: () => Promise.resolve(Response.json({ data: {} }, { headers: { [name]: "of-the-server" } })),
      onEvent: (event) => {
        if (event.type === "response") headers.push(event.headers?.[name]);
      },
    });
    await keys.current();
    expect(headers).toEqual(["of-the-server"]);
  });
});

describe("the credential is hidden in an error and in a listed key, however a server writes it:", () => {
  const credential = "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";
  const bytes = [...Buffer.from(credential)];
  const hex = bytes.map((byte) => byte.toString(16));
  it.each<[form: string, written: string]>([
    ["as it is", credential],
    ["capitals", credential.toUpperCase()],
    ["hex", hex.join("")],
    ["hex in capitals", hex.join("").toUpperCase()],
    ["hex with colons", hex.join(":")],
    ["hex with spaces", hex.join(" ")],
    ["hex escapes", hex.map((byte) => `\\x${byte}`).join("")],
    ["quoted-printable", hex.map((byte) => `=${byte.toUpperCase()}`).join("")],
    ["percent-encoding of every character", hex.map((byte) => `%${byte}`).join("")],
    ["JSON escapes of every character", hex.map((byte) => `\\u00${byte}`).join("")],
    ["JavaScript's escapes by code point", hex.map((byte) => `\\u{${byte}}`).join("")],
    ["HTML's decimal references", bytes.map((byte) => `&#${byte};`).join("")],
    ["HTML's hexadecimal references", hex.map((byte) => `&#x${byte};`).join("")],
    ["a buffer as JSON", JSON.stringify(Buffer.from(credential))],
    ["base64", Buffer.from(`Bearer ${credential}`).toString("base64")],
    ["base64url", Buffer.from(`a:${credential}`).toString("base64url")],
    ["several lines", credential.replace(/.{8}/g, "$&\n")],
    ["characters that nobody sees between", credential.replace(/.{4}/g, "$&\u200b")],
  ])("%s", async (_, written) => {
    const answering = (answer: (url: string) => Response) =>
      openrouter({ apiKey: credential, maxRetries: 0, fetch: (url) => Promise.resolve(answer(url)) });
    const refusing = answering(() =>
      Response.json({ error: { code: 400, message: `no ${written} .` } }, { status: 400 }),
    );
    await expect(refusing.current()).rejects.toMatchObject({
      serverMessage: expect.stringContaining("[secret]") as string,
    });
    const row = { hash: "h1", name: `of ${written} .` };
    const listing = answering((url) => Response.json({ data: url.includes("offset=") ? [] : [row] }));
    expect((await listing.list().toArray()).map(({ name }) => name)).toEqual([expect.stringContaining("[secret]")]);
  });

  it("base64 that has a plus in the middle, in a listed key", async () => {
    const apiKey = `sk-or-v1-${"~".repeat(60)}0123456789`;
    const row = { hash: "h1", name: Buffer.from(`a ${apiKey}`).toString("base64") };
    const fetch = (url: string) => Promise.resolve(Response.json({ data: url.includes("offset=") ? [] : [row] }));
    expect((await openrouter({ apiKey, fetch }).list().toArray()).map(({ name }) => name)).toEqual(["[secret]"]);
  });
});

it("of a client that makes many keys, each of the latest 60 is in no key that it reads, in no form, and innocent keys stay", async () => {
  const sandbox = createSandbox();
  let quote: string | undefined;
  const keys = openrouter({
    apiKey: sandbox.credentials.openrouter,
    fetch: async (url, init) =>
      quote === undefined
        ? sandbox.fetch(url, init)
        : Response.json({ data: { hash: "h", name: `a ${quote} b`, label: "innocent-label-of-a-key" } }),
  });
  const made: string[] = [];
  for (let count = 0; count < 150; count++) {
    quote = undefined;
    const { secret } = await keys.create({ name: "ci" });
    made.push(secret.reveal());
    if (count % 10 > 0) continue;
    for (const known of made.slice(-60)) {
      const bytes = Buffer.from(known);
      for (const form of [
        known,
        known.slice(-20),
        known.toUpperCase(),
        bytes.toString("base64"),
        bytes.toString("hex"),
      ]) {
        quote = form;
        expect(JSON.stringify(await keys.get("h"))).not.toContain(form);
      }
    }
    quote = "innocent";
    expect(await keys.get("h")).toMatchObject({ name: "a innocent b", raw: { label: "innocent-label-of-a-key" } });
  }
});
