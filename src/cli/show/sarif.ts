import type { Finding } from "../../index.js";
import { version } from "../package-files.js";
import { auditRules, RULE_TITLES } from "./audit-rules.js";
import { named } from "./keys.js";
import { json } from "./output.js";

const LEVELS = { high: "error", medium: "warning", low: "note" } as const;

/**
 * Findings in SARIF 2.1.0, the form of the results of static analysis that code hosts read. A key is no line of a file: it is
 * a logical location, and its file is called `<provider>/<id>`, since some readers want one.
 *
 * @param isKnown whether the baseline has it
 */
export function sarif(findings: readonly Finding[], isKnown: (finding: Finding) => boolean): string {
  return json({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "keysmith",
            version: version(),
            rules: auditRules.map((id) => ({ id, shortDescription: { text: RULE_TITLES[id] } })),
          },
        },
        results: findings
          .filter(({ status }) => status !== "unknown")
          .map((finding) => {
            const { rule, severity, provider, id, name, message, advice, status, reason } = finding;
            const place = `${provider}/${encodeURIComponent(id)}`;
            return {
              ruleId: rule,
              ruleIndex: auditRules.indexOf(rule),
              level: LEVELS[severity],
              message: { text: `${provider} ${named({ name, id })}: ${message} ${advice}` },
              locations: [
                {
                  physicalLocation: { artifactLocation: { uri: place }, region: { startLine: 1 } },
                  logicalLocations: [{ name: name || id, fullyQualifiedName: place, kind: "resource" }],
                },
              ],
              partialFingerprints: { "ruleAndKey/v1": `${rule}/${place}` },
              baselineState: isKnown(finding) ? "unchanged" : "new",
              ...(status === "excepted" && { suppressions: [{ kind: "external", justification: reason }] }),
            };
          }),
      },
    ],
  });
}
