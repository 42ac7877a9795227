/** What a provider's room is made of: for providers of other packages what keysmith's own are made of within. */
export { connect, type Connection } from "../connection.js";
export { defineProvider, type Provider } from "../define.js";
export { checkedKey, checkedObject, unreadable } from "../answer.js";
export { createChosen, type ChosenPlan } from "../chosen.js";
export { changeable, readable, requireAsked } from "../changeable.js";
export { sameName, type CreatePlan } from "../create.js";
export { copied, name, requiredName } from "../flags.js";
export type { Flag, FlagsFor, OptionalMethod, ProviderFlags } from "../flags.js";
export { failure, type CallName } from "../http/failure.js";
export { isObject, type Taken } from "../json.js";
export { cleanName, toApiKey } from "../key.js";
export { given, toWire, type Wire } from "../wire.js";
export type { Api, AuthHeader, KeyFields, OperationSpec, PageSize, Pagination, Parent, RateLimit } from "../api.js";
export type { Plan, Query, Sending } from "../call.js";
export type { Comparison, Copy } from "../copy.js";
export type { Call } from "../http/transport.js";
export type { OwnOptions } from "../settings.js";
export * from "../common.js";
