import { appId, idle, type WatchedGate } from "../e2e/harness.ts";
import { judgeDeployment } from "../oracle/judge-deployment.ts";
import { judgeSha } from "../oracle/judge.ts";
import type { Answer } from "../oracle/answer.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import { sweep } from "./sweep.ts";

export interface Seen {
  readonly differences: readonly string[];
  readonly judged: number;
  readonly unjudged: number;
}

const shownOn = (repo: Repo, sha: string): string => {
  const run = [...repo.checkRuns.values()].findLast(
    (one) => one.appId === appId && one.name === "gatehouse" && one.headSha === sha,
  );
  return run === undefined ? "no check run" : `${run.conclusion ?? run.status}: ${run.title ?? ""}`;
};

/** Both directions: what the oracle allows is green, and what it does not allow is not. */
export function look(gatehouse: WatchedGate): Seen {
  const { world } = gatehouse.sim;
  const scene = gatehouse.oracle.scene();
  const differences: string[] = [];
  let [judged, unjudged] = [0, 0];
  const compare = (what: string, answer: Answer, isThrough: boolean, shown: string): void => {
    // A retired or missing policy judges nothing; what is shown then is the policy's own tests' business.
    if (answer.word === "unjudged" || /retired|no policy governs/.test(answer.why)) {
      unjudged += 1;
      return;
    }
    judged += 1;
    if ((answer.word === "yes") !== isThrough)
      differences.push(
        `${what}: the oracle says ${answer.word} (${answer.why}), the gate ${shown}`,
      );
  };
  for (const repo of world.repos.values()) {
    if (repo.name === ".github") continue;
    for (const pull of repo.pulls.values()) {
      if (repo.issues.get(pull.number)?.state !== "open") continue;
      for (const sha of [pull.headSha, pull.queue?.headSha ?? pull.headSha]) {
        const shown = shownOn(repo, sha);
        compare(
          `${repo.name}#${pull.number} ${sha === pull.headSha ? "head" : "group"} ${sha.slice(0, 7)}`,
          judgeSha(scene, repo.id, sha),
          shown.startsWith("success"),
          shown,
        );
        if (sha === pull.queue?.headSha || pull.queue === null) break;
      }
    }
    for (const deployment of repo.deployments.values()) {
      const { gate } = deployment;
      if (gate?.state !== "waiting" || !gate.waitingAppIds.has(appId)) continue;
      compare(
        `${repo.name} deployment ${deployment.id} to ${deployment.environment}`,
        judgeDeployment(scene, repo, deployment),
        false,
        `holds: ${gate.reports.get(appId)?.at(-1) ?? "no report"}`,
      );
    }
  }
  return { differences: [...differences, ...gatehouse.oracle.standing()], judged, unjudged };
}

/** Lets everything arrive, and lets the gate find what was lost; then looks until both agree, or time is up. */
export async function quiet(
  gatehouse: WatchedGate,
  isLossy: boolean,
  patienceMs: number,
): Promise<Seen> {
  const { sim } = gatehouse;
  sim.clearDeliveryFaults();
  sim.releaseWebhooks();
  await idle(gatehouse);
  if (isLossy) await sweep(gatehouse);
  const end = Date.now() + patienceMs;
  for (;;) {
    const seen = look(gatehouse);
    if (seen.differences.length === 0 || Date.now() > end) return seen;
    await new Promise((resolve) => setTimeout(resolve, 200));
    await idle(gatehouse);
  }
}
