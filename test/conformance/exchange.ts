/** One request and its response, against the specs. What is not documented is wrong. */
import { apis, type Content, type Operation } from "./spec.js";

export interface Sent {
  method: string;
  url: URL;
  headers: Headers;
  body: string;
}

export interface Received {
  status: number;
  headers: Headers;
  body: string;
}

interface Found {
  operation: Operation;
  /** Path parameters as they were sent. */
  params: Record<string, string>;
}

/**
 * The operation that a request is for: on the provider's own host, or below `/<provider>` on any other, where that may be
 * any provider of the same API.
 */
export function find({ method, url }: Pick<Sent, "method" | "url">): Found | undefined {
  for (const { baseUrl, operations } of apis) {
    const alike = apis.filter((other) => other.baseUrl.href === baseUrl.href);
    const base = (url.host === baseUrl.host ? [""] : alike.map((other) => `/${other.provider}`))
      .map((prefix) => prefix + baseUrl.pathname.replace(/\/$/, ""))
      .find((prefix) => url.pathname.startsWith(`${prefix}/`));
    if (base === undefined) continue;
    for (const operation of operations) {
      const match = operation.path.exec(url.pathname.slice(base.length));
      if (match !== null && operation.method === method) return { operation, params: { ...match.groups } };
    }
  }
  return undefined;
}

/** What is wrong with a request. */
export function checkRequest({ operation, params }: Found, { url, headers, body }: Sent): string[] {
  const problems = operation.parameters.flatMap(({ name, in: place, required, check }) => {
    const given =
      place === "query"
        ? url.searchParams.getAll(name)
        : [place === "path" ? decoded(params[name]) : headers.get(name)];
    const [text, ...more] = given.filter((text) => text !== null);
    if (text === undefined) return required ? [`${place} parameter ${name} is missing`] : [];
    if (more.length > 0) return [`${place} parameter ${name} is given more than once`];
    return check(text).map((problem) => `${place} parameter ${name} ${problem}`);
  });
  const documented = operation.parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
  for (const name of new Set(url.searchParams.keys())) {
    if (!documented.includes(name)) problems.push(`query parameter ${brief(name)} is not documented`);
  }
  const bearer = operation.bearer ? "bearer " : "";
  if (!(bearer ? /^Bearer \S+$/ : /^(\w+ )?\S+$/).test(headers.get("authorization") ?? "")) {
    problems.push(`there is no ${bearer}credential`);
  }
  if (body !== "" || operation.body?.required) {
    problems.push(...checkContent(operation.body?.content ?? {}, headers.get("content-type"), body));
  }
  return problems.map((problem) => `${operation.name}, request: ${problem}`);
}

/** What is wrong with a response. */
export function checkResponse({ operation }: Found, { status, headers, body }: Received): string[] {
  const { responses } = operation;
  const documented = responses[status] ?? responses[`${String(status).charAt(0)}XX`] ?? responses["default"];
  if (documented === undefined) return [`${operation.name}: status ${status} is not documented`];

  const problems = Object.entries(documented.headers).flatMap(([name, { required, check }]) => {
    const text = headers.get(name);
    if (text === null) return required ? [`header ${name} is missing`] : [];
    return check(text).map((problem) => `header ${name} ${problem}`);
  });
  for (const name of headers.keys()) {
    if (!ofHttp.includes(name) && !(name in documented.headers)) problems.push(`header ${name} is not documented`);
  }
  problems.push(...checkContent(documented.content, headers.get("content-type"), body));
  return problems.map((problem) => `${operation.name}, response ${status}: ${problem}`);
}

/** Headers that belong to HTTP and to CORS, and that a spec does not list. */
const ofHttp = ["content-length", "content-type", "date", "access-control-allow-origin", "vary"];

function checkContent(documented: Content, type: string | null, body: string): string[] {
  if (Object.keys(documented).length === 0) {
    return body === "" && type === null ? [] : ["a body or a Content-Type is not documented"];
  }
  const check = documented[type?.split(";")[0]?.trim().toLowerCase() ?? ""];
  if (check === undefined) return [`Content-Type ${type ?? "none"} is not documented`];
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return ["the body is not JSON"];
  }
  return check(value).map((problem) => `body ${problem}`);
}

/** Text of a request, without what is long enough to be a key. */
export const brief = (text: string): string => text.replace(/[^/]{24,}/g, "…");

function decoded(text = ""): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % stands for itself
  }
}
