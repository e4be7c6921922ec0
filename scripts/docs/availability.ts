import { gates, type Gate, type Subject } from "../../src/core/model/subject.ts";
import type { AnyRule } from "../../src/core/rules/rule.ts";

const subjects: Readonly<Record<Gate, Subject>> = {
  pull_request: { kind: "pull_request", repository: 1, number: 1 },
  deployment: { kind: "deployment", repository: 1, deploymentId: 1, environment: "production", sha: "a".repeat(40), ref: "main", runId: 1 },
};

/** Whether a requirement says by itself, before it looks at any fact, that this version does not judge it there. */
function refuses(rule: AnyRule, raw: unknown, gate: Gate): boolean {
  try {
    const { kind, found } = rule.bind(raw).judge({
      subject: subjects[gate],
      policy: { owner: "acme" },
      now: 0,
      facts: {
        get: (need) => {
          throw new Error(`${need.key} is not known here`);
        },
      },
    });
    return kind === "unknown" && found.startsWith("not available in this version");
  } catch {
    return false;
  }
}

/** Gates at which a requirement can stand and this version does not judge it yet, by the examples of its page. */
export const missingGates = (rule: AnyRule, examples: readonly unknown[]): readonly Gate[] =>
  gates.filter((gate) => rule.gates.includes(gate) && examples.length > 0 && examples.every((raw) => refuses(rule, raw, gate)));
