import { z } from "zod";
import type { PlacedReport } from "#core/formats/coverage/alternates.ts";
import { mayBeCoverage, readEntry } from "#core/formats/coverage/entry.ts";
import { measure, needsAllPaths, type Measured } from "#core/formats/coverage/measure.ts";
import type { ChangedFile } from "#core/formats/coverage/patch.ts";
import { readArchive } from "../archive.ts";
import { digestProblem } from "./check-digest.ts";
import type { ZipInput } from "./zip-input.ts";

export type MeasureResult =
  | { readonly kind: "measured"; readonly measured: Measured; readonly formats: readonly string[] }
  | { readonly kind: "unusable"; readonly problems: readonly string[] }
  /** No file in them is a coverage report; `others` says what was found instead. */
  | { readonly kind: "absent"; readonly others: readonly string[] };

const mostReports = 500;

/** Reads the coverage reports of one commit's artifacts. One that is broken spoils all: the rest would be a part taken for the whole. */
export async function measureArchives(
  archives: readonly ZipInput[],
  changed: readonly ChangedFile[] | null,
  tree: () => Promise<Uint8Array | null>,
): Promise<MeasureResult> {
  const placed: PlacedReport[] = [];
  const problems: string[] = [];
  const others: string[] = [];
  for (const { artifact, digest, bytes } of archives) {
    const spoiled = digestProblem({ digest, bytes });
    const archive =
      spoiled === null
        ? await readArchive(
            Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
            mayBeCoverage,
          )
        : { error: spoiled };
    if ("error" in archive) {
      problems.push(`artifact ${artifact}: ${archive.error}`);
      continue;
    }
    for (const { name, text } of archive.entries) {
      const entry = readEntry(name, text);
      if (entry.kind === "report") placed.push({ artifact, name, report: entry.report });
      else if (entry.kind === "broken") problems.push(`artifact ${artifact}: ${entry.problem}`);
      else others.push(`artifact ${artifact}: ${entry.problem}`);
    }
    if (placed.length > mostReports)
      problems.push(`the artifacts hold more than ${mostReports} reports`);
    if (problems.length > 0) break;
  }
  if (problems.length > 0) return { kind: "unusable", problems: problems.slice(0, 20) };
  if (placed.length === 0) return { kind: "absent", others: others.slice(0, 5) };
  const all = changed !== null && needsAllPaths(placed, changed) ? pathsOf(await tree()) : null;
  const measured = measure(placed, changed, all);
  if ("error" in measured) return { kind: "unusable", problems: [measured.error] };
  return {
    kind: "measured",
    measured,
    formats: [...new Set(placed.flatMap(({ report }) => report.formats))],
  };
}

const treeShape = z.object({
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), type: z.string() })),
});

/** Paths of a recursive tree; null where GitHub shows only a part of it. */
function pathsOf(json: Uint8Array | null): readonly string[] | null {
  if (json === null) return null;
  try {
    const answer = treeShape.parse(JSON.parse(Buffer.from(json).toString("utf8")));
    return answer.truncated
      ? null
      : answer.tree.flatMap((entry) => (entry.type === "blob" ? [entry.path] : []));
  } catch {
    return null;
  }
}
