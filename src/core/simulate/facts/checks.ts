import { z } from "zod";
import {
  checks,
  jobBehindCheck,
  jobNamed,
  statusReports,
  type CheckFact,
} from "#core/facts/checks.ts";
import type { Person } from "#core/model/actor.ts";
import { workflowRuns } from "#core/facts/workflow-runs.ts";
import { reporting, switchedOffWorkflows } from "#core/facts/reporting.ts";
import { noParams, simulateFact } from "./simulated-fact.ts";
import type { World } from "./world.ts";

/** Ids of apps that policies name by slug or by id; github.com's own. */
const appIds: Readonly<Record<string, number>> = {
  "github-actions": 15_368,
  dependabot: 29_110,
  "github-advanced-security": 57_789,
  "github-code-scanning": 57_789,
};

type CheckWords = NonNullable<World["given"]["checks"]>[number];

/** A check says which app reported it; where it does not, it is a job of GitHub Actions. */
function appOf({ app, kind, by }: CheckWords, slugs: readonly string[]): CheckFact["app"] {
  // The app behind a status is known by its bot alone.
  if (app === undefined && by?.endsWith("[bot]") === true)
    return { id: null, slug: by.slice(0, -"[bot]".length) };
  if (app === null) return null;
  if (app === undefined)
    return kind === "status"
      ? null
      : { id: appIds["github-actions"] ?? null, slug: "github-actions" };
  if (typeof app === "number") {
    const slug = Object.entries(appIds).find(([, id]) => id === app)?.[0];
    return { id: app, slug: slug ?? `app-${app}` };
  }
  return { id: appIds[app] ?? 900_000 + slugs.indexOf(app), slug: app };
}

/** Where nobody is said, every status that no app set is of one account, as of a machine user's. */
const machineUser = "ci";

const creatorOf = ({ by }: CheckWords, app: CheckFact["app"], { person }: World): Person =>
  person(by ?? (app === null ? machineUser : `${app.slug}[bot]`));

function checkFact(
  check: CheckWords,
  index: number,
  all: readonly CheckWords[],
  world: World,
): CheckFact {
  const slugs = [...new Set(all.flatMap(({ app }) => (typeof app === "string" ? [app] : [])))];
  const app = appOf(check, slugs);
  const { status, conclusion } = check;
  const at = check.at ?? world.instantOf(index, all.length);
  const isJob = check.kind !== "status" && app?.slug === "github-actions";
  return {
    id: index + 1,
    kind: check.kind ?? "check_run",
    name: check.name,
    app,
    ...(check.kind === "status" ? { creator: creatorOf(check, app, world) } : {}),
    status,
    conclusion: status === "completed" ? conclusion : null,
    startedAt: at,
    completedAt: status === "completed" ? at : null,
    url: check.url ?? null,
    run: isJob
      ? {
          id: index + 1,
          event: check.event ?? "pull_request",
          path: check.workflow ?? null,
          ...(check.branch === undefined ? {} : { ref: `refs/heads/${check.branch}` }),
        }
      : null,
    ...(isJob ? { hasSteps: check.job !== false } : {}),
    externalId: null,
  };
}

/** Ours is what our App made: a check of our name that says no other reporter. */
const isOurs = ({ name, app }: CheckWords): boolean =>
  app === undefined && (name === "gatehouse" || name.startsWith("gatehouse / "));

const checksTold = (world: World): readonly CheckFact[] =>
  (world.given.checks ?? []).flatMap((check, index, all) =>
    isOurs(check) ? [] : [checkFact(check, index, all, world)],
  );

export const checkFacts = {
  checks: simulateFact(checks, noParams, (_params, world) => checksTold(world)),
  statusReports: simulateFact(statusReports, noParams, (_params, world) =>
    checksTold(world).filter(({ kind }) => kind === "status"),
  ),
  jobBehindCheck: simulateFact(
    jobBehindCheck,
    z.object({ check: z.int(), run: z.int().nullable() }),
    ({ check }, { given: words }) => words.checks?.[check - 1]?.job ?? true,
  ),
  // Checks in plain words are all there are: nothing stands behind another.
  jobNamed: simulateFact(jobNamed, z.object({ run: z.int(), name: z.string() }), () => null),
  // A check that is still to come is written down as one that runs: no run stands behind what is told.
  workflowRuns: simulateFact(workflowRuns, noParams, () => []),
  reporting: simulateFact(reporting, noParams, (_params, { given: words }) => ({
    signs: words.repository?.reports_checks === true ? ["the repository has checks"] : [],
  })),
  switchedOffWorkflows: simulateFact(switchedOffWorkflows, noParams, () => []),
};
