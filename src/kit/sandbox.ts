/** What a provider's simulated server is made of. */
export { Fields, isBoolean, isFilled, isText, isUuid, orNull } from "../sandbox/fields.js";
export { Refusal, statusText } from "../sandbox/provider.js";
export type { Answer, Call, IssuedKey, NewKeyField, NewKeyFields, OtherRequest, Server } from "../sandbox/provider.js";
export { base62, randomHex, randomText, randomUuid } from "../sandbox/random.js";
export { microsOf, parseRfc3339, rfc3339, type Instant, type ParsedTime } from "../sandbox/time.js";
