import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { load } from "js-yaml";
import type { SilenceDecision } from "../../scripts/reconcile/decisions.js";
import { decisionsIn } from "../../scripts/reconcile/read-decisions.js";
import { Spec } from "../../scripts/render/spec.js";
import { checkSources } from "../../scripts/sources/check.js";
import { names } from "../helpers/providers.js";

const decided = (...ids: string[]) => ({
  sources: ids.map((id) => ({ id, provider: "lantern", title: id, document: undefined, upstream: false })),
  decisions: [],
});

const known = (...knownFrom: string[]): SilenceDecision => {
  const texts = { claims: "", says: "", why: "", evidence: "" };
  return { id: "fact", provider: "lantern", kind: "silence", sources: [], ...texts, knownFrom, places: [] };
};

function specOf({ sources = {}, taken = {} }: { sources?: object; taken?: object | undefined }): Map<string, Spec> {
  const operation = { "x-source": taken };
  return new Map([
    ["lantern", new Spec({ openapi: "3.1.0", "x-sources": sources, paths: { "/keys": { get: operation } } })],
  ]);
}

const manual = { repository: "lantern/docs", path: "keys.md", version: "7", read: "2026-01-31" };

describe("the sources of the specs", () => {
  it("fit together in this repository", () => {
    const text = (file: string) => load(readFileSync(file, "utf8"));
    const decisions = decisionsIn(text("spec/sources/decisions.yaml"), names, () => "");
    const specs = new Map(names.map((provider) => [provider, new Spec(text(`spec/${provider}.yaml`))]));
    expect(checkSources(specs, decisions, "2026-11-26")).toEqual({ problems: [], old: [] });
  });

  it.each([
    {
      given: "an operation that names none",
      spec: { sources: { manual }, taken: undefined },
      decisions: decided("manual"),
      problems: ["lantern at GET /keys: say in x-source where the facts come from"],
    },
    {
      given: "an operation that names one that is not listed",
      spec: { sources: { manual }, taken: { manual: "all", rumour: "the rest" } },
      decisions: decided(),
      problems: ["lantern at GET /keys: x-sources of lantern has no rumour"],
    },
    {
      given: "a decision on one that is not listed",
      spec: { sources: { manual }, taken: { manual: "all" } },
      decisions: decided("rumour"),
      problems: ["spec/sources/decisions.yaml: x-sources of lantern has no rumour"],
    },
    {
      given: "a fact that is known from one that is not listed",
      spec: { sources: { manual }, taken: { manual: "all" } },
      decisions: { sources: [], decisions: [known("rumour")] },
      problems: ["decision fact: x-sources of lantern has no rumour"],
    },
    {
      given: "one that nothing names",
      spec: { sources: { manual, rumour: manual }, taken: { manual: "all" } },
      decisions: decided(),
      problems: ["lantern: no operation and no decision names rumour. Remove it"],
    },
  ])("fail with $given", ({ spec, decisions, problems }) => {
    expect(checkSources(specOf(spec), decisions, "2026-02-01")).toEqual({ problems, old: [] });
  });

  it.each([
    { today: "2027-01-31", old: [] },
    {
      today: "2027-02-01",
      old: ["lantern: manual was read on 2026-01-31, more than a year ago. Read it again"],
    },
  ])("are told of, without failing, when they were read more than a year ago: on $today", ({ today, old }) => {
    const specs = specOf({ sources: { manual }, taken: { manual: "all" } });
    expect(checkSources(specs, decided(), today)).toEqual({ problems: [], old });
  });
});
