import { changedWorkflows, type CalledWorkflow } from "../../facts/workflows.ts";
import type { CoverageParams } from "./params.ts";
import type { Figures } from "./shortfalls.ts";

/**
 * Who wrote the figure (threat T23). A run executes the change's own code, which can write any report: without more it is
 * the change's own word. `objection`: why the policy does not take it, in words that complete "coverage comes from …".
 */
export interface Provenance {
  /** Workflow files that brought a report and that the pull request changes. */
  readonly changed: readonly string[];
  readonly isSelfReported: boolean;
  readonly objection: {
    readonly found: string;
    readonly need: string;
    readonly next: string;
  } | null;
}

/** `files`: names of changed files. */
export function provenanceOf(
  asked: Pick<CoverageParams, "trusted" | "measured_by">,
  figures: Figures,
  files: ReadonlySet<string>,
): Provenance {
  const changed = changedWorkflows(figures.workflows, files);
  const { measured_by: measuredBy } = asked;
  const isSelfReported = figures.workflows.length > 0 && measuredBy === undefined;
  const [first] = changed;
  if (first !== undefined && (asked.trusted || measuredBy !== undefined)) {
    return {
      changed,
      isSelfReported,
      objection: {
        found: `measured by ${changed.join(", ")}, which is changed here`,
        need: `coverage comes from ${first}, which this pull request changes`,
        next: "The change of the workflow goes in a pull request of its own, or somebody who may grants an override.",
      },
    };
  }
  if (
    measuredBy !== undefined &&
    !figures.called.some((called) => isAmong(called, measuredBy) && !files.has(fileOf(called)))
  ) {
    const [wanted = ""] = measuredBy;
    return {
      changed,
      isSelfReported,
      objection: {
        found:
          figures.workflows.length === 0
            ? "not measured by a workflow"
            : `measured by ${figures.workflows.join(", ")}, which called ${figures.called.length === 0 ? "no reusable workflow" : figures.called.map(({ path, sha }) => `${path} at ${sha.slice(0, 7)}`).join(", ")}`,
        need: `coverage is not measured by ${wanted}`,
        next: `The workflow that uploads the report calls ${measuredBy.length === 1 ? wanted : "one of the reusable workflows of the policy"}, and its runs on this commit are started again.`,
      },
    };
  }
  return { changed, isSelfReported, objection: null };
}

function isAmong({ path, sha }: CalledWorkflow, wanted: readonly string[]): boolean {
  return wanted.some((one) => {
    const [wantedPath = "", pinned] = one.split("@", 2);
    return (
      wantedPath.toLowerCase() === path.toLowerCase() && (pinned === undefined || pinned === sha)
    );
  });
}

/** A reusable workflow of the very repository would be this file; taken for it of any repository. */
const fileOf = ({ path }: CalledWorkflow): string => path.split("/").slice(2).join("/");
