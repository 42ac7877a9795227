/** What `keysmith fleet` can be told to do. */
export const fleetActions = ["ensure", "rotate", "work", "status", "remove", "pause", "resume", "settle"] as const;

export type FleetAction = (typeof fleetActions)[number];
