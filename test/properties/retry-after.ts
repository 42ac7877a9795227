/** Promise 3: whatever `Retry-After` says is a wait or nothing; RFC 9110, sections 10.2.3 and 5.6.7. */
import fc from "fast-check";
import { expect, vi } from "vitest";
import { openrouter, RateLimitError } from "../../src/index.js";
import { property, type Topic } from "./property.js";
import { madeOf } from "./texts.js";

/** What a 429 with these headers asks to wait, in milliseconds. */
async function askedBy(headers: Record<string, string>): Promise<number | undefined> {
  const fetch = () => Promise.resolve(new Response("{}", { status: 429, headers }));
  const error: unknown = await openrouter({ apiKey: "not-a-real-key", fetch, maxRetries: 0 })
    .current()
    .catch((error: unknown) => error);
  if (!(error instanceof RateLimitError)) throw error;
  return error.retryAfterMs;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The three forms that whoever reads HTTP has to read. */
const forms: { name: string; write: (date: Date) => string }[] = [
  { name: "IMF-fixdate", write: (date) => date.toUTCString() },
  {
    name: "RFC 850",
    write: (date) => {
      const [, day = "", month = "", year = "", time = ""] = date.toUTCString().split(" ");
      return `${DAYS[date.getUTCDay()] ?? ""}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
    },
  },
  {
    name: "asctime",
    write: (date) => {
      const [weekday = "", day = "", month = "", year = "", time = ""] = date.toUTCString().split(" ");
      return `${weekday.slice(0, 3)} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
    },
  },
];

// Two digits of a year are of this century.
const seconds = fc.date({
  min: new Date("2000-01-01T00:00:00Z"),
  max: new Date("2049-12-31T23:59:59Z"),
  noInvalidDate: true,
});
const dates = seconds.map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000));

const NOW = new Date("2027-01-01T00:00:00Z");
const LATER = new Date("2027-01-01T00:00:20Z");

/** All that a header can hold. */
const values = fc.oneof(
  fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) }),
  fc.tuple(fc.constantFrom("1", "9"), fc.nat(400)).map(([digit, count]) => digit.repeat(count)),
  madeOf(["0", "1", "9", ".", "-", "+", "e", "E", " ", ",", "Infinity", "NaN", "0x", "n", "_"]),
  madeOf(["Fri", ",", " ", "01", "99999", "-", "Jan", "2027", "T", "00:00:00", ":", "Z", "GMT", "+24:00", "(", ")"]),
  fc.tuple(dates, fc.constantFrom(...forms)).map(([date, { write }]) => write(date)),
);
const headerValues = values.map((value) => value.replace(/[\r\n\0]/g, ""));

export const retryAfterTopic: Topic = {
  topic: "Retry-After",
  properties: [
    property(
      "is a finite number of milliseconds, 0 or more, or nothing, whatever it says",
      fc.record({ "retry-after": headerValues, date: headerValues }),
      async (headers) => {
        const asked = await askedBy(headers);
        if (asked !== undefined) expect(Number.isFinite(asked) && asked >= 0, `${asked} ms`).toBe(true);
      },
      { examples: [{ "retry-after": "9".repeat(400), date: "" }] },
    ),
    property("in whole seconds is that long", fc.nat(), async (wait) => {
      expect(await askedBy({ "retry-after": String(wait) })).toBe(wait * 1000);
    }),
    property(
      "as a date is measured by the server's own, in each form, wherever the client is",
      fc.record({
        until: dates,
        now: dates,
        form: fc.constantFrom(...forms.map(({ name }) => name)),
        zone: fc.constantFrom("UTC", "America/New_York", "Asia/Kolkata"),
      }),
      async ({ until, now, form, zone }) => {
        const { write = String } = forms.find(({ name }) => name === form) ?? {};
        const own = process.env["TZ"];
        // The client's own clock stands still, so that it does not matter how long it takes.
        vi.useFakeTimers({ toFake: ["Date"] });
        try {
          process.env["TZ"] = zone;
          const asked = await askedBy({ "retry-after": write(until), date: now.toUTCString() });
          expect(asked).toBe(Math.max(0, until.getTime() - now.getTime()));
        } finally {
          vi.useRealTimers();
          if (own === undefined) delete process.env["TZ"];
          else process.env["TZ"] = own;
        }
      },
      {
        examples: forms.map(({ name: form }) => ({ until: LATER, now: NOW, form, zone: "America/New_York" as const })),
      },
    ),
  ],
};
