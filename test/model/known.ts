import type { Feature } from "./schedule.js";

/** What breaks a promise of rotation today, and how: the model leaves it out, and the slow tier sees that it still does. */
export const known: Partial<Record<Feature, string>> = {
  "lists have holes":
    "where a list shows a new key and not an older one, two rotators both go on; a journal alone keeps them apart",
  "clocks differ": "a rotator or a sweep judges ages by its own clock, and revokes what is being stored",
  "clocks jump": "the same, for a clock that is set while it runs",
  "looks lag": "one old answer of `held`, after a store that wrote and threw, revokes what the store holds",
  "stores are read back": "there is no `read` yet",
  "stores write twice": "the same",
  "stores write late": "one answer of `held`, after a store that threw, revokes what the store is about to hold",
  "secrets are not revealed": "a store that never looks at the secret counts as one that stored it",
  "functions hang": "a function of the caller's that never settles lets the rotation never end",
  "what is stored is rotated":
    "a successor is rotated before its predecessor is retired, which nobody names from then on",
  "old keys are kept": "a sweep retires what was to be kept, or to be kept for longer",
};
