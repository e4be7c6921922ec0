import { artifactLimits } from "../archive.ts";
import type { Artifact } from "./artifacts.ts";
import { megabytes } from "./commit-artifacts.ts";

const mostBytes = 200 * 1024 * 1024;

/** Why so many or so large artifacts are not read, null where they are. `what` names them: "coverage artifacts". */
export function sizeProblem(
  artifacts: readonly Artifact[],
  what: string,
  most: number,
): string | null {
  const large = artifacts.find((artifact) => artifact.bytes > artifactLimits.archiveBytes);
  if (large !== undefined)
    return `artifact ${large.name} has ${megabytes(large.bytes)}, more than ${megabytes(artifactLimits.archiveBytes)}`;
  if (artifacts.length > most) return `${artifacts.length} ${what}, more than ${most}`;
  const total = artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);
  return total > mostBytes
    ? `the ${what} have ${megabytes(total)} together, more than ${megabytes(mostBytes)}`
    : null;
}
