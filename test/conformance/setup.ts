/** Fails every test in which an exchange with a sandbox was not as the specs say. */
import { afterEach } from "vitest";
import { takeViolations } from "./violations.js";

afterEach(() => {
  const violations = takeViolations();
  if (violations.length === 0) return;
  throw new Error(`Not as the specs say:\n${violations.map((one) => `  ${one}`).join("\n")}`);
});
