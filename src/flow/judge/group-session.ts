import { baseCoverage, coverageReport } from "#core/facts/coverage.ts";
import { checks, jobBehindCheck, jobNamed, statusReports } from "#core/facts/checks.ts";
import {
  addedLicenses,
  codeScanning,
  dependencyReview,
  scanArtifacts,
} from "#core/facts/findings.ts";
import { scansOfGroup } from "#core/facts/group-scans.ts";
import { reporting, switchedOffWorkflows } from "#core/facts/reporting.ts";
import { codeOwnersFile } from "#core/facts/reviews.ts";
import { baseTests, testReports } from "#core/facts/test-reports.ts";
import { workflowRuns } from "#core/facts/workflow-runs.ts";
import { lookUp, type FactResult } from "#core/model/fact.ts";
import type { FactSession } from "#core/ports/facts.ts";

/** What is true of the merge group's own commit, and asked of nothing else. */
const ofTheGroup: ReadonlySet<string> = new Set([
  checks.name,
  jobBehindCheck.name,
  jobNamed.name,
  statusReports.name,
  workflowRuns.name,
  reporting.name,
  switchedOffWorkflows.name,
  coverageReport.name,
  baseCoverage.name,
  testReports.name,
  baseTests.name,
  addedLicenses.name,
  codeOwnersFile.name,
]);
/** Sources whose findings may be known of the pull request, of the group, or of both. */
const ofBoth = new Map(
  [codeScanning, dependencyReview, scanArtifacts].map((fact) => [fact.name, fact.need()]),
);

/**
 * A member's facts as its merge group sees them: checks, reports and scans are the group's own commit's, which by
 * construction contains its base; people, texts and files are the pull request's.
 */
export function groupSession(member: FactSession, group: FactSession): FactSession {
  return {
    read: async (needs) => {
      const fromGroup = needs.filter((need) => ofTheGroup.has(need.fact) || ofBoth.has(need.fact));
      const fromMember = needs.filter((need) => !ofTheGroup.has(need.fact));
      const [ours, theirs] = await Promise.all([group.read(fromGroup), member.read(fromMember)]);
      const table = new Map<string, FactResult<unknown>>([...theirs, ...ours]);
      for (const need of needs) {
        const both = ofBoth.get(need.fact);
        const mine = both === undefined ? undefined : lookUp(ours, both);
        const its = both === undefined ? undefined : lookUp(theirs, both);
        // One that cannot be read hides what the other cannot know.
        if (mine?.ok === true && its?.ok === true)
          table.set(need.key, {
            ok: true,
            value: scansOfGroup(its.value, mine.value),
            evidence: [...mine.evidence, ...its.evidence],
          });
        else if (its?.ok === false) table.set(need.key, its);
      }
      return table;
    },
    policyHints: () => member.policyHints(),
    ownCheckRuns: () => group.ownCheckRuns(),
  };
}
