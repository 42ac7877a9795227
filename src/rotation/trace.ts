/**
 * The trace that a rotation leaves on the name of the key that it makes, from birth:
 * `<name> ~ks1.<time>.<nonce>.<predecessor>`, so that whoever finds the key knows what it is, even after a crash. Where the
 * predecessor is not to be retired at once, `.k` follows (it is kept), or `.l` and after how many seconds; where it is in
 * another workspace than the key, `.w` and which one.
 */
import type { ApiKey, ProviderName } from "../key.js";
import { sha256 } from "../sha256.js";

export interface Trace {
  /** When the key was made, by the server's clock, in milliseconds since the epoch; a tenth of a second exact. */
  time: number;
  /** Which rotation it was. */
  nonce: string;
  /** The fingerprint of the key that was to be replaced. */
  predecessor: string;
  /** What is to become of that key: kept, or retired after so many milliseconds. Absent where it is retired at once. */
  retire?: "keep" | number;
  /** The workspace (a UUID) in which that key is. Absent where it is that of the key itself, or there are none. */
  workspace?: string;
}

const TENTH_MS = 100;
const PATTERN = /^ks1\.([0-9a-z]{7})\.([0-9a-z]{8})\.([0-9a-z]{12})(?:\.(k|l[0-9a-z]{1,8}))?(?:\.w([0-9a-z]{25}))?$/;

// What a rotation puts on the old key's name when it disables it, so that a sweep spares what a person disabled.
const RETIRED = "ks1.retired";

export function newTrace(
  predecessor: string,
  now: number,
  { retire, workspace }: { retire?: Trace["retire"] | undefined; workspace?: string | undefined } = {},
): Trace {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  const nonce = base36((BigInt(high) << 32n) | BigInt(low), 8);
  return {
    time: now - (now % TENTH_MS),
    nonce,
    predecessor,
    ...(retire !== undefined && { retire }),
    ...(workspace !== undefined && UUID.test(workspace) && { workspace }),
  };
}

export function traced(name: string, { time, nonce, predecessor, retire, workspace }: Trace): string {
  const fate = retire === undefined ? "" : retire === "keep" ? ".k" : `.l${Math.ceil(retire / 1000).toString(36)}`;
  const place = workspace === undefined ? "" : `.w${base36(BigInt(`0x${workspace.replaceAll("-", "")}`), 25)}`;
  return named(name, `ks1.${base36(BigInt(time / TENTH_MS), 7)}.${nonce}.${predecessor}${fate}${place}`);
}

/** The old key's name once it is disabled. */
export function retiredName(name: string): string {
  return named(name, RETIRED);
}

export function isRetired(key: ApiKey): boolean {
  return key.trace === RETIRED;
}

/** The trace of a key, read. Undefined where there is none that a rotation of this version made. */
export function traceOf({ trace }: Pick<ApiKey, "trace">): Trace | undefined {
  const [, time = "", nonce = "", predecessor = "", fate, place] = PATTERN.exec(trace ?? "") ?? [];
  if (!time) return undefined;
  const retire = fate === "k" ? "keep" : fate && parseInt(fate.slice(1), 36) * 1000;
  const workspace = place && uuidOf(place);
  return {
    time: parseInt(time, 36) * TENTH_MS,
    nonce,
    predecessor,
    ...(retire && { retire }),
    ...(workspace && { workspace }),
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The UUID that stands in a trace; undefined where that is none. */
function uuidOf(place: string): string | undefined {
  const value = Array.from(place, (digit) => BigInt(parseInt(digit, 36))).reduce((sum, digit) => sum * 36n + digit);
  const parts = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(value.toString(16).padStart(32, "0"));
  return parts?.slice(1).join("-");
}

/** What stands in a trace for a key. A hash, since an id may be made of a secret. */
export function fingerprint(provider: ProviderName, id: string): string {
  const digits = sha256(`${provider} ${id}`).slice(0, 16);
  const value = Array.from(digits, (digit) => BigInt(BASE64URL.indexOf(digit))).reduce(
    (sum, digit) => sum * 64n + digit,
  );
  return base36(value, 12);
}

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function named(name: string, trace: string): string {
  return name === "" ? `~${trace}` : `${name} ~${trace}`;
}

/** The last digits of a number. */
function base36(value: bigint, digits: number): string {
  return value.toString(36).padStart(digits, "0").slice(-digits);
}
