/** What a reader with a phone meets on a page: what its console shows, what it asks for, how wide it is, where it leads. */
import type { Tab } from "../compat/chromium.js";

export interface Visit {
  /** The page's own failures, each a sentence. */
  problems: string[];
  /** Where its links lead, as whole URLs. */
  links: string[];
  ids: string[];
}

const PHONE = { width: 375, height: 812, deviceScaleFactor: 1, mobile: true };

/** Visits pages one after another; `base` is what everything that they ask for has to lie below. */
export async function visitor(tab: Tab, base: string): Promise<(url: string) => Promise<Visit>> {
  let problems: string[] = [];
  tab.onEvent((method, parameters) => {
    const problem = problemIn(method, parameters as Parameters, base);
    if (problem !== undefined) problems.push(problem);
  });
  for (const domain of ["Runtime", "Log", "Network", "Page"]) await tab.send(`${domain}.enable`, {});
  await tab.send("Emulation.setDeviceMetricsOverride", PHONE);
  return async (url) => {
    problems = [];
    await tab.send("Page.navigate", { url });
    const seen = await evaluated(tab);
    const wide = seen.width > PHONE.width ? [`it is ${String(seen.width)} pixels wide`] : [];
    return { problems: [...problems, ...wide], links: seen.links, ids: seen.ids };
  };
}

interface Parameters {
  type?: string;
  args?: unknown[];
  exceptionDetails?: unknown;
  entry?: { level: string; text: string };
  request?: { url: string };
}

function problemIn(method: string, { type, args, exceptionDetails, entry, request }: Parameters, base: string) {
  switch (method) {
    case "Runtime.consoleAPICalled":
      return type === "error" ? `the console shows an error: ${JSON.stringify(args)}` : undefined;
    case "Runtime.exceptionThrown":
      return `it throws: ${JSON.stringify(exceptionDetails)}`;
    case "Log.entryAdded":
      return entry?.level === "error" ? `the browser reports: ${entry.text}` : undefined;
    case "Network.requestWillBeSent": {
      const url = request?.url ?? "";
      return url.startsWith(base) || /^(data|blob):/.test(url) ? undefined : `it asks for ${url}`;
    }
    default:
      return undefined;
  }
}

interface Seen {
  width: number;
  links: string[];
  ids: string[];
}

async function evaluated(tab: Tab): Promise<Seen> {
  const expression = `(${lookAround.toString()})()`;
  const answer = await tab.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  if (answer === undefined) throw new Error("The browser has ended before it had shown every page.");
  const { result, exceptionDetails } = answer as { result: { value?: Seen }; exceptionDetails?: unknown };
  if (!result.value) throw new Error(`The page could not be looked at: ${JSON.stringify(exceptionDetails)}`);
  return result.value;
}

/** Runs in the page. */
async function lookAround(): Promise<Seen> {
  // A frame may be drawn while the page still has work to do, on a slow machine many of them.
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestIdleCallback(resolve)));
  let quietFrames = 0;
  new MutationObserver(() => (quietFrames = 0)).observe(document, { attributes: true, childList: true, subtree: true });
  const quiet = async () => {
    for (quietFrames = 0; quietFrames < 20; quietFrames++) await frame();
  };
  const isLoading = () =>
    document.readyState !== "complete" ||
    Array.from(document.querySelectorAll("body :not(script)")).some(
      ({ childElementCount, textContent }) => childElementCount === 0 && textContent.trim() === "Loading...",
    );
  const width = () => document.documentElement.scrollWidth;
  while (isLoading()) await frame();
  let widest = width();
  // The reference of an API shows its operations as its menu leads to them, and the menu as it is opened.
  const followed = new Set<string>();
  for (;;) {
    const links = document.querySelectorAll<HTMLAnchorElement>('#redoc .menu-content a[href^="#/"]');
    const next = Array.from(links).find(({ href }) => !followed.has(href));
    if (!next) break;
    followed.add(next.href);
    // On a slow machine it is shown before it listens: a click that came too early leaves its submenu closed.
    do {
      next.click();
      await quiet();
    } while (next.nextElementSibling instanceof HTMLElement && next.nextElementSibling.style.display === "none");
    widest = Math.max(widest, width());
  }
  return {
    width: widest,
    links: Array.from(document.querySelectorAll<HTMLAnchorElement>("a[href]"), ({ href }) => href),
    ids: Array.from(document.querySelectorAll("[id]"), ({ id }) => id),
  };
}
