import { appOf } from "../world/accounts.ts";
import type { CheckRun, CheckSuite } from "../world/checks.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { checkRun, checkSuite } from "../render/check.ts";
import { emit } from "./emit.ts";

export function emitCheckRun(
  world: World,
  repo: Repo,
  run: CheckRun,
  action: string,
  senderId: number,
  extra: Readonly<Record<string, unknown>> = {},
): void {
  // The buttons of a check run go to the App that made it, and to no other.
  if ((action === "rerequested" || action === "requested_action") && run.appId !== world.appId)
    return;
  const suite = repo.suites.get(run.suiteId);
  emit(world, repo, "check_run", action, senderId, {
    check_run: {
      ...checkRun(world, repo, run),
      ...(suite === undefined ? {} : { check_suite: checkSuite(world, repo, suite) }),
    },
    ...extra,
  });
}

export function emitCheckSuite(
  world: World,
  repo: Repo,
  suite: CheckSuite,
  action: string,
  senderId?: number,
): void {
  emit(world, repo, "check_suite", action, senderId ?? appOf(world, suite.appId).botId, {
    check_suite: checkSuite(world, repo, suite),
  });
}
