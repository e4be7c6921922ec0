import { readFileSync } from "node:fs";
import { validatePolicy } from "#core/policy/validate.ts";
import type { Problem } from "#core/yaml/problem.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";
import { yamlLike } from "./yaml-like.ts";

const preset = (name: string): string =>
  readFileSync(new URL(`../../../policies/${name}.yml`, import.meta.url), "utf8");
export const presets: ReadonlyMap<string, string> = new Map(
  ["recommended", "regulated", "library", "agents"].map((name) => [name, preset(name)]),
);

/** What a reader of the file is told: a place in it, and a sentence. */
export function checkProblems(problems: readonly Problem[]): void {
  for (const { line, column, message } of problems) {
    promise(line >= 0 && column >= 0, "a problem has a place");
    promise(message !== "", "a problem has words");
    // What the parser did not expect itself.
    promise(
      !message.startsWith("the file cannot be read as YAML: "),
      `no surprise: ${message.slice(0, 100)}`,
    );
  }
}

export const target: FuzzTarget = {
  name: "policy",
  corpus: [
    ...presets.values(),
    "version: 1\nextends: recommended\nrules:\n  - name: reviewed\n    when: { files: ['src/**', '!docs/**'], labels: [x] }\n    require: { reviews: { approvals: 2, teams: [backend] } }\n",
    "version: 1\nwindows:\n  office: { weekly: 'Mon-Fri 09:00-17:00', zone: Europe/Berlin }\nfreezes:\n  - { name: x, from: 2026-12-20, until: 2027-01-02, reason: holidays }\nrules:\n  - name: hours\n    require: { window: office }\n",
    "version: 1\nrules: &r\n  - name: a\n    require: { checks: { names: [unit], app: github-actions } }\n  - name: b\n    require: { coverage: { atLeast: 80 } }\nx: *r\n",
  ],
  madeUp: yamlLike([
    "version",
    "rules",
    "name",
    "require",
    "when",
    "reviews",
    "checks",
    "files",
    "windows",
    "freezes",
    "calendars",
    "extends",
    "enforcement",
    "and",
    "or",
    "not",
  ]),
  read: (input) => {
    const { valid, policy, problems } = validatePolicy(textOf(input), { presets });
    checkProblems(problems);
    promise(valid === (policy !== undefined), "a valid policy is there, an invalid one is not");
    promise(valid || problems.length > 0, "an invalid policy says why");
  },
};
