import type { Feature } from "./schedule.js";

/** What breaks a promise of rotation today, and how: the model leaves it out, and the slow tier sees that it still does. */
export const known: Partial<Record<Feature, string>> = {
  "sweeps read stores back": "they know `held` alone",
  "stores write twice":
    "sweeps ask `held` alone, which says nothing of the secret after a crash between the two writes",
  "late writes are waited for": "a store that was too slow is waited for like one that failed, and its key revoked",
  "what is stored is rotated":
    "a successor is rotated before its predecessor is retired, which nobody names from then on",
  "old keys are kept": "a sweep retires what was to be kept, or to be kept for longer",
};
