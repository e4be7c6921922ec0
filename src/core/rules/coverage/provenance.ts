import { changedWorkflows, type CalledWorkflow } from "#core/facts/workflows.ts";
import { headFile } from "#core/facts/pull-request.ts";
import type { Ask } from "#core/facts/ask.ts";
import { partsChanged, whyUntrusted, type WorkflowPart } from "../kit/trust/workflow-parts.ts";
import type { CoverageParams } from "./params.ts";
import type { Figures } from "./figures.ts";

/**
 * Who wrote the figure (threat T23). A run executes the change's own code, which can write any report: without more it is
 * the change's own word. `objection`: why the policy does not take it, in words that complete "coverage comes from …".
 */
export interface Provenance {
  /** Workflow files that brought a report and that the pull request changes. */
  readonly changed: readonly string[];
  readonly isSelfReported: boolean;
  readonly objection: {
    readonly kind: "pending" | "unknown";
    readonly found: string;
    readonly need: string;
    readonly next: string;
  } | null;
}

/** `files`: names of changed files. `undefined` while a file that the workflows use has not been read. */
export function provenanceOf(
  asked: Pick<CoverageParams, "trusted" | "measured_by">,
  figures: Figures,
  files: ReadonlySet<string>,
  ask: Ask,
): Provenance | undefined {
  const { measured_by: measuredBy } = asked;
  const isSelfReported = figures.workflows.length > 0 && measuredBy === undefined;
  if (!asked.trusted && measuredBy === undefined)
    return { changed: changedWorkflows(figures.workflows, files), isSelfReported, objection: null };

  const parts = partsChanged(figures.workflows, files, ask);
  if (parts === undefined) return undefined;
  const changed = figures.workflows.filter((path) => parts.get(path)?.kind === "changed");
  const [first] = changed;
  if (first !== undefined) {
    const why = changed.flatMap((path) => whyUntrusted(path, parts) ?? []);
    return {
      changed,
      isSelfReported,
      objection: {
        kind: "pending",
        found: `measured by ${why.map((each) => each.replace(/^from /u, "")).join(", ")}`,
        need: `coverage comes from ${first}, which this pull request changes`,
        next: "The change of the workflow goes in a pull request of its own, or somebody who may grants an override.",
      },
    };
  }
  const unclear = [...parts.values()].find((part) => part.kind === "unknown");
  if (unclear !== undefined)
    return { changed, isSelfReported, objection: unclearParts(unclear.why) };
  if (measuredBy === undefined) return { changed, isSelfReported, objection: null };

  const wanted = figures.called.filter((called) => isAmong(called, measuredBy));
  const own = wanted.map((called) => partOfCalled(called, files, ask));
  if (own.includes(undefined)) return undefined;
  if (own.some((part) => part?.kind === "unchanged"))
    return { changed, isSelfReported, objection: null };
  const unread = own.find((part) => part?.kind === "unknown");
  if (unread?.kind === "unknown")
    return { changed, isSelfReported, objection: unclearParts(unread.why) };
  return { changed, isSelfReported, objection: notMeasuredBy(measuredBy, figures) };
}

const unclearParts = (why: string): Provenance["objection"] => ({
  kind: "unknown",
  found: why,
  need: "what the workflow that measures is made of cannot be told",
  next: "Gatehouse reads it again by itself; where a file is missing or broken, the author repairs it.",
});

function notMeasuredBy(measuredBy: readonly string[], figures: Figures): Provenance["objection"] {
  const [wanted = ""] = measuredBy;
  return {
    kind: "pending",
    found:
      figures.workflows.length === 0
        ? "not measured by a workflow"
        : `measured by ${figures.workflows.join(", ")}, which called ${figures.called.length === 0 ? "no reusable workflow" : figures.called.map(({ path, sha }) => `${path} at ${sha.slice(0, 7)}`).join(", ")}`,
    need: `coverage is not measured by ${wanted}`,
    next: `The workflow that uploads the report calls ${measuredBy.length === 1 ? wanted : "one of the reusable workflows of the policy"}, and its runs on this commit are started again.`,
  };
}

/** A called workflow of another repository is no file here; one that bears the path of a file here is taken for it. */
function partOfCalled(
  called: CalledWorkflow,
  files: ReadonlySet<string>,
  ask: Ask,
): WorkflowPart | undefined {
  const file = fileOf(called);
  if (files.has(file)) return { kind: "changed", by: file };
  if (files.size === 0) return { kind: "unchanged" };
  const here = ask(headFile.need(file));
  if (here === undefined) return undefined;
  return here === null ? { kind: "unchanged" } : partsChanged([file], files, ask)?.get(file);
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
