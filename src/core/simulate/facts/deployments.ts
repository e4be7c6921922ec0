import { z } from "zod";
import { askingWorkflow, knownEnvironment } from "#core/facts/deployment.ts";
import { calendarFile } from "#core/facts/calendar-file.ts";
import {
  deployedPullRequests,
  deployedRange,
  undoneCommits,
  undonePullRequests,
  type DeployedCommit,
  type DeployedPullRequest,
  type DeployedRange,
} from "#core/facts/deployed-range.ts";
import { deployedContributors } from "#core/facts/deployed-contributors.ts";
import {
  deploymentApprovals,
  environmentReviews,
  recordedFreezes,
} from "#core/facts/deployment-approvals.ts";
import {
  commitOrder,
  type CommitOrder,
  deployments,
  deploymentsHere,
  rollbackHistory,
  sameCommitDeployments,
} from "#core/facts/deployments.ts";
import { labelsAdded } from "#core/facts/labels-added.ts";
import type { Act } from "#core/model/act.ts";
import type { Person } from "#core/model/actor.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { DeployedContributors } from "#core/model/deployed-contributors.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { lastSuccess, newRow, withStatus } from "#core/deployments/history.ts";
import { newestSuccess } from "#core/deployments/newest-success.ts";
import { isProvenSuccess } from "#core/deployments/proof.ts";
import { knownGood } from "#core/deployments/rollback.ts";
import { noParams, NotGiven, simulateFact } from "./simulated-fact.ts";
import { commitsOut, shaHere, tellsPullRequest } from "./changes-out.ts";
import { contributorsOut } from "./hand-in.ts";
import { environmentOf, type World } from "./world.ts";

const environmentHere = ({ given: words }: World): string => environmentOf(words.deployment ?? {});

/** The simulated past, newest first. A deployment without a commit is of the judged one, one without a state is a success. */
function history(world: World): readonly DeploymentRow[] {
  const given = world.given.deployments ?? [];
  const rows = given.map((past, index): DeploymentRow => {
    const at = past.at ?? world.instantOf(index, given.length);
    const state = past.state ?? "success";
    // The id of the deployment that is judged is 1 unless the facts say otherwise.
    const row = newRow({
      repository: 1,
      deploymentId: 1_000_000 + index,
      environment: past.environment ?? environmentHere(world),
      sha: past.sha ?? shaHere(world),
      ref: "main",
      runId: null,
      actor: null,
      createdAt: at,
    });
    // Inactive follows a success: something took its place.
    return (
      state === "inactive"
        ? [
            { state: "success" as const, at, byActions: true },
            { state, at, byActions: true },
          ]
        : [{ state, at, byActions: true }]
    ).reduce(withStatus, row);
  });
  return rows.toSorted((a, b) => b.createdAt - a.createdAt || b.deploymentId - a.deploymentId);
}

const inEnvironment = (world: World, environment: string): readonly DeploymentRow[] =>
  history(world).filter((row) => sameEnvironment(row.environment, environment));

/** The past, and the deployment that waits for its answer. */
export function protectionRuleOf(world: World): readonly DeploymentRow[] {
  const { deployment } = world.given;
  const at = world.askedAt;
  const waiting = newRow({
    repository: 1,
    deploymentId: deployment?.id ?? 1,
    environment: environmentHere(world),
    sha: shaHere(world),
    ref: deployment?.ref ?? "main",
    runId: null,
    actor: null,
    createdAt: at,
  });
  return [{ ...waiting, gateRequestedAt: at }, ...history(world)];
}

function approvalActs(world: World): readonly Act[] {
  const given = world.given.approvals ?? [];
  const acts = given.map((approval, index): Act => ({
    id: `plain:${index}`,
    kind: "approve",
    repository: 1,
    pullRequest: null,
    environment: approval.environment ?? environmentHere(world),
    sha: approval.sha ?? shaHere(world),
    name: null,
    actor: world.person(approval.by),
    at: approval.at ?? world.instantOf(index, given.length),
    expiresAt: null,
    reason: "",
    detail: {},
  }));
  return acts.toSorted((a, b) => a.at - b.at);
}

/** The deployed range: the commits that are given, since what ran here last; without any, the deployed commit alone. */
function range(world: World): DeployedRange {
  const runs = lastSuccess(
    inEnvironment(world, environmentHere(world)),
    world.given.deployment?.id ?? 1,
  );
  const since = runs === null ? null : { sha: runs.sha, at: runs.succeededAt ?? runs.createdAt };
  if (since?.sha === shaHere(world)) return { since, relation: "same", commits: [] };
  if (since === null) return { since, relation: "first", commits: commitsOut(world) };
  const { ahead, behind } = orderOf(world, since.sha);
  const relation = ahead === 0 ? "behind" : behind === 0 ? "ahead" : "diverged";
  if (relation === "ahead") return { since, relation, commits: commitsOut(world) };
  const here = inEnvironment(world, environmentHere(world));
  const before = knownGood(here, {
    deploymentId: world.given.deployment?.id ?? 1,
    environment: environmentHere(world),
    sha: shaHere(world),
  });
  if (before !== null)
    return { since, relation, commits: relation === "behind" ? [] : commitsOut(world) };
  const beneath = newestSuccess(
    here.filter((row) => isProvenSuccess(row) && orderOf(world, row.sha).behind === 0),
  );
  if (beneath !== null)
    return {
      since: { sha: beneath.sha, at: beneath.succeededAt ?? beneath.createdAt },
      relation,
      commits: commitsOut(world),
    };
  return relation === "behind"
    ? { since: null, relation: "first", commits: commitsOut(world) }
    : { since, relation, commits: commitsOut(world) };
}

/** Only that it runs is known: like a commit without a pull request it may have touched anything. */
function undone(world: World): readonly DeployedCommit[] {
  const { relation } = range(world);
  const runs = lastSuccess(
    inEnvironment(world, environmentHere(world)),
    world.given.deployment?.id ?? 1,
  );
  return runs === null || relation === "ahead" || relation === "same"
    ? []
    : [{ sha: runs.sha, subject: "", url: null, people: [] }];
}

/** How the judged commit stands to one of the past. */
function orderOf(world: World, sha: string): CommitOrder {
  if (sha === shaHere(world)) return { ahead: 0, behind: 0 };
  const told = world.given.deployments?.find(
    (past) => past.sha === sha && past.order !== undefined,
  );
  switch (told?.order) {
    case "newer":
      return { ahead: 0, behind: 1 };
    case "diverged":
      return { ahead: 1, behind: 1 };
    default:
      return { ahead: 1, behind: 0 };
  }
}

/** A deployment that is given as waiting waits for this gate. */
const asked = (row: DeploymentRow): DeploymentRow =>
  row.state === "waiting" ? { ...row, gateRequestedAt: row.createdAt } : row;

type Gate = DeployedPullRequest["gate"];

const gateOf = ({ gate, override }: NonNullable<World["given"]["changes"]>[number]): Gate =>
  gate === "none"
    ? null
    : { kind: gate ?? "allow", overrides: override === undefined ? [] : [override] };

/** If commits of one pull request are given different decisions of the gate, the worse one counts. */
function worseOf(a: Gate, b: Gate): Gate {
  const rank = (gate: Gate): number =>
    gate === null ? 2 : { allow: 0, wait: 1, deny: 3 }[gate.kind];
  const worse = rank(b) > rank(a) ? b : a;
  return worse === null
    ? null
    : {
        ...worse,
        overrides: [...new Set([...(a?.overrides ?? []), ...(b?.overrides ?? [])])],
      };
}

function pullsOut(world: World): readonly DeployedPullRequest[] {
  const { changes, pull_request: told, reviews } = world.given;
  const approvedBy: readonly Person[] = (reviews ?? []).flatMap((review) =>
    review.state === "approved" && review.by !== null && review.by !== undefined
      ? [world.person(review.by)]
      : [],
  );
  const about = {
    url: "",
    title: told?.title ?? "",
    author: world.author,
    mergedBy: null,
    approvedBy,
  };
  const commits = commitsOut(world).map(({ sha }) => sha);
  if (changes === undefined)
    return tellsPullRequest(world)
      ? [{ ...about, number: told?.number ?? 1, commits, gate: { kind: "allow", overrides: [] } }]
      : [];
  const pulls = new Map<number, DeployedPullRequest>();
  for (const [index, change] of changes.entries()) {
    const sha = commits[index];
    if (change.pull_request === undefined || sha === undefined) continue;
    const known = pulls.get(change.pull_request);
    const gate = gateOf(change);
    pulls.set(
      change.pull_request,
      known === undefined
        ? { ...about, number: change.pull_request, commits: [sha], gate }
        : { ...known, commits: [...known.commits, sha], gate: worseOf(known.gate, gate) },
    );
  }
  return [...pulls.values()];
}

function told(world: World): DeployedContributors {
  const found = contributorsOut(world);
  if (found.untold[0] !== undefined) throw new NotGiven(found.untold[0]);
  return found;
}

function calendarText(path: string, { file }: World): string | null {
  if (file === null) throw new NotGiven(`the calendar ${path} is not at hand`);
  return file(path) ?? null;
}

export const deploymentFacts = {
  deploymentApprovals: simulateFact(deploymentApprovals, noParams, (_params, world) =>
    approvalActs(world),
  ),
  deployedContributors: simulateFact(deployedContributors, noParams, (_params, world) =>
    told(world),
  ),
  environmentReviews: simulateFact(environmentReviews, noParams, () => []),
  recordedFreezes: simulateFact(recordedFreezes, noParams, (_params, world) =>
    (world.given.freezes ?? [])
      .map((freeze) => ({
        name: freeze.name ?? freeze.environment ?? "freeze",
        environment: freeze.environment ?? "**",
        from: freeze.from ?? 0,
        until: freeze.until ?? null,
        reason: freeze.reason ?? "",
        by: world.person(freeze.by ?? "somebody"),
      }))
      .filter(({ until }) => until === null || until > world.now),
  ),
  deployments: simulateFact(deployments, z.string(), (environment, world) =>
    inEnvironment(world, environment).map(asked),
  ),
  rollbackHistory: simulateFact(
    rollbackHistory,
    z.object({ environment: z.string(), sha: z.string().nullable() }),
    ({ environment }, world) => inEnvironment(world, environment),
  ),
  sameCommitDeployments: simulateFact(sameCommitDeployments, noParams, (_params, world) =>
    inEnvironment(world, environmentHere(world)).filter((row) => row.sha === shaHere(world)),
  ),
  askingWorkflow: simulateFact(askingWorkflow, noParams, (_params, { given }) => ({
    path: ".github/workflows/deploy.yml",
    text: given.deployment?.workflow ?? null,
    called: [],
  })),
  knownEnvironment: simulateFact(
    knownEnvironment,
    noParams,
    (_params, world) => inEnvironment(world, environmentHere(world)).length > 0,
  ),
  deploymentsHere: simulateFact(deploymentsHere, noParams, (_params, world) =>
    inEnvironment(world, environmentHere(world)).map(asked),
  ),
  commitOrder: simulateFact(commitOrder, z.string(), (sha, world) => orderOf(world, sha)),
  deployedRange: simulateFact(deployedRange, noParams, (_params, world) => range(world)),
  deployedPullRequests: simulateFact(deployedPullRequests, noParams, (_params, world) =>
    pullsOut(world),
  ),
  undoneCommits: simulateFact(undoneCommits, noParams, (_params, world) => undone(world)),
  undonePullRequests: simulateFact(undonePullRequests, noParams, () => []),
  labelsAdded: simulateFact(labelsAdded, noParams, (_params, world) =>
    (world.given.pull_request?.labels ?? [])
      .map(({ name, by, at }) => ({
        name,
        by: by === undefined ? null : world.person(by),
        at: at ?? world.now,
      }))
      // What is put on later exempts nothing now.
      .filter(({ at }) => at <= world.now),
  ),
  calendarFile: simulateFact(
    calendarFile,
    z.object({ path: z.string(), from: z.enum(["organization", "repository"]) }),
    ({ path }, world) => ({ text: calendarText(path, world), staleSince: null }),
  ),
};
