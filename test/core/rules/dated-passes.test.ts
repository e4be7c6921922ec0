import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addedLicenses, scanSources, type ScanSourceFact } from "#core/facts/findings.ts";
import { repository } from "#core/facts/repository.ts";
import { testReports } from "#core/facts/test-reports.ts";
import type { Finding } from "#core/formats/findings/finding.ts";
import type { FactTable } from "#core/model/fact.ts";
import { findings } from "#core/rules/findings/rule.ts";
import type { AnyRule, PolicyContext } from "#core/rules/kit/rule.ts";
import { licenses } from "#core/rules/licenses/rule.ts";
import { tests } from "#core/rules/tests/rule.ts";
import { factsOf, monday, tell } from "../build.ts";
import { judge } from "../judge.ts";

/** Whatever is dated and lets something pass wakes the subject when it ends: nobody else does. */
const day = 86_400_000;
const midnight = Date.UTC(2026, 2, 3);
const names = ["a", "b", "c"] as const;

const name = fc.constantFrom(...names);
/** Days from the Monday on which all is judged; below zero it has run out already. */
const daysLeft = fc.integer({ min: -2, max: 5 });
const dateAfter = (days: number): string =>
  new Date(midnight - day + days * day).toISOString().slice(0, 10);
const acceptances = fc.array(fc.record({ name, daysLeft }), { maxLength: 6 });
const owned = { owner: "octocat", reason: "known" };

const suppressions = fc.dictionary(name, fc.option(daysLeft, { nil: undefined }));

const aFinding = (rule: string, suppressed: Finding["suppression"]): Finding => ({
  id: `trivy:${rule}`,
  kind: "dependency",
  source: "artifacts",
  tool: "trivy",
  rule,
  severity: "critical",
  severitySource: "word",
  title: `Problem ${rule}`,
  package: `pkg:npm/${rule}@1.0.0`,
  fingerprint: rule,
  suppressed: suppressed !== undefined,
  suppression: suppressed,
  aliases: [],
});

const scanOf = (list: readonly Finding[]): ScanSourceFact => ({
  state: "on",
  note: null,
  findings: list,
  beyond: {},
  scans: [{ tool: "trivy", kinds: ["dependency"] }],
  failed: [],
  unreadable: [],
  waiting: [],
  ignored: [],
  dismissedAt: {},
  removed: [],
  workflows: [],
  link: null,
  evidence: [],
});

const about = { id: 1, owner: "acme", name: "shop", private: true, defaultBranch: "main" };

interface Case {
  readonly rule: AnyRule;
  readonly params: unknown;
  readonly facts: FactTable;
  readonly policy: PolicyContext;
}

const findingsCase = fc
  .record({ present: fc.subarray([...names]), acceptances, suppressions })
  .map(({ present, acceptances: waived, suppressions: suppressed }): Case => ({
    rule: findings,
    params: { from: ["artifacts"] },
    facts: factsOf(
      tell(
        scanSources.artifacts.need(),
        scanOf(
          present.map((rule) =>
            aFinding(
              rule,
              rule in suppressed
                ? {
                    kind: "external",
                    accepted: true,
                    ...(suppressed[rule] === undefined
                      ? {}
                      : { expires: midnight + suppressed[rule] * day }),
                  }
                : undefined,
            ),
          ),
        ),
      ),
      tell(repository.need(), about),
    ),
    policy: {
      owner: "acme",
      waivers: waived.map((one) => ({
        ...owned,
        finding: one.name,
        until: dateAfter(one.daysLeft),
      })),
    },
  }));

const licensesCase = fc
  .record({ present: fc.subarray([...names]), acceptances })
  .map(({ present, acceptances: waived }): Case => ({
    rule: licenses,
    params: { allow: ["MIT"] },
    facts: factsOf(
      tell(addedLicenses.need(), {
        added: present.map((one) => ({
          package: `pkg:npm/${one}@1.0.0`,
          name: one,
          version: "1.0.0",
          manifest: null,
          scope: "runtime" as const,
          license: "SSPL-1.0",
        })),
        note: null,
      }),
    ),
    policy: {
      owner: "acme",
      waivers: waived.map((one) => ({
        ...owned,
        finding: "license",
        package: `pkg:npm/${one.name}`,
        until: dateAfter(one.daysLeft),
      })),
    },
  }));

const testsCase = fc
  .record({ present: fc.subarray([...names]), acceptances })
  .map(({ present, acceptances: quarantined }): Case => ({
    rule: tests,
    params: {},
    facts: factsOf(
      tell(testReports.need({ from: ["junit*", "test-results*"] }), {
        kind: "read",
        ran: 10,
        failures: present.length,
        failed: present.map((id) => ({ id, name: id, message: "boom", at: null })),
        skipped: 0,
        flaky: [],
        reports: [],
        waiting: [],
        evidence: [],
      }),
    ),
    policy: {
      owner: "acme",
      quarantine: quarantined.map((one) => ({
        ...owned,
        test: one.name,
        until: dateAfter(one.daysLeft),
      })),
    },
  }));

describe("what is dated and lets something pass says when it ends", () => {
  it.each([
    ["findings", findingsCase],
    ["licenses", licensesCase],
    ["tests", testsCase],
  ])("%s: passes now and not later → judged again by then", (_name, cases) => {
    let ended = 0;
    fc.assert(
      fc.property(cases, ({ rule, params, facts, policy }) => {
        const at = (now: number) => judge(rule, params, facts, { policy, now });
        const verdict = at(monday);
        fc.pre(verdict.kind === "pass");
        for (let then = midnight; then <= midnight + 6 * day; then += day) {
          if (at(then).kind === "pass") continue;
          ended += 1;
          expect(verdict.changesAt).toBeLessThanOrEqual(then);
          break;
        }
        expect(verdict.changesAt ?? Infinity).toBeGreaterThan(monday);
      }),
    );
    expect(ended).toBeGreaterThan(10);
  });
});
