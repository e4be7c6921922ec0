import type { FailedCase } from "#core/formats/tests/junit.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { defineFact } from "#core/model/fact.ts";
import { diffChanges } from "./diff-changes.ts";
import { runChanges } from "./run-changes.ts";

/** Globs of the artifacts that hold the reports. */
export interface TestsPlace {
  readonly from: readonly string[];
}

/**
 * What the test reports of the judged commit say.
 * - `read`: all of them could be read. Where a workflow ran more than once, `ran` is the lowest count and failures add up.
 * - `unreadable`: one of them could not, and may say anything.
 * - `absent`: none; `waiting` names runs that may still bring one, `cut` those that were stopped before, `ignored` says what was found and does not count.
 */
export type TestsFact =
  | {
      readonly kind: "read";
      readonly reports: readonly string[];
      readonly ran: number;
      readonly skipped: number;
      /** The first of them; `failures` counts all. */
      readonly failed: readonly FailedCase[];
      readonly failures: number;
      readonly flaky: readonly string[];
      readonly waiting: readonly string[];
      readonly cut?: readonly string[] | undefined;
      /** Runs that failed, with their jobs, though their reports show no failure, in words. */
      readonly unexplained?: readonly string[] | undefined;
      readonly evidence: readonly Evidence[];
    }
  | { readonly kind: "unreadable"; readonly problems: readonly string[] }
  | {
      readonly kind: "absent";
      readonly waiting: readonly string[];
      readonly cut?: readonly string[] | undefined;
      readonly ignored: readonly string[];
    };

export const testReports = defineFact<TestsPlace, TestsFact>({
  name: "test_reports",
  summary: "The cases of the JUnit reports that the judged commit's own workflow runs uploaded.",
  changedBy: [...runChanges, ...diffChanges],
  permissions: ["actions", "contents", "pull_requests"],
  cost: 4,
  whenIncomplete:
    "Somebody with write access runs the workflow that uploads the reports again (Actions, the run, Re-run all jobs): they have expired or were deleted before they were read, or GitHub lists a part of them only.",
  describe: () => "the test reports",
});

/** How many cases ran on the merge base, or its nearest ancestor that has a report; null where none has. */
export const baseTests = defineFact<
  TestsPlace,
  { readonly ran: number; readonly sha: string } | null
>({
  name: "tests_base",
  summary:
    "How many test cases ran on the merge base, or on the nearest ancestor that has a report.",
  changedBy: [...diffChanges, "push"],
  permissions: ["actions", "contents"],
  cost: 4,
  describe: () => "the test reports of the base branch",
});
