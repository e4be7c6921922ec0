import type { Ask } from "#core/facts/ask.ts";
import {
  commitOrder,
  deploymentsHere,
  sameCommitDeployments,
  type CommitOrder,
} from "#core/facts/deployments.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { fail, pass, pending, skipped, type Verdict } from "#core/model/verdict.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { count, short } from "#core/text/phrases.ts";
import { instant } from "#core/text/time.ts";
import { switchedOn } from "../kit/params.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";
import { fastLane, passedBy } from "../kit/time/fast-lane.ts";
import { firstRivals, lastUnproven, mostRivals, rivalsOf, runningThere } from "./rivals.ts";

const required = "not older than what runs there, and the newest that waits";

export const forwardOnly = defineRule<true>({
  name: "forward_only",
  summary: "The commit is not behind what runs in the environment, unless it is a roll back.",
  appliesTo: ["deployment"],
  params: switchedOn,
  needs: () => [deploymentsHere, commitOrder, sameCommitDeployments],
  judge,
  compare: () => "same",
  describe: () => required,
});

function judge({ subject, now }: RuleContext<true>, ask: Ask): Verdict | undefined {
  if (subject.kind !== "deployment") return skipped({ found: "not a deployment", required });
  const rows = ask(deploymentsHere.need());
  if (rows === undefined) return undefined;
  const running = runningThere(rows, subject.deploymentId);
  const [runs = null] = running;
  const claimed = lastUnproven(rows, subject.deploymentId, runs);
  const rivals = rivalsOf(rows, subject, now);
  // All of them in one round: none follows from another's answer.
  const standing = running.map((row) => ({ row, order: orderTo(row, subject, ask) }));
  const claimedOrder = claimed === null ? ahead : orderTo(claimed, subject, ask);
  const against = (some: readonly DeploymentRow[]) =>
    some.map((row) => ({ row, order: orderTo(row, subject, ask) }));
  const first = against(rivals.slice(0, firstRivals));
  const compared = standing.flatMap(({ row, order }) =>
    order === undefined ? [] : [{ row, order }],
  );
  if (compared.length < standing.length || claimedOrder === undefined) return undefined;

  // What nobody let through proves nothing for a commit; against one that it contains, it is enough.
  const above =
    compared.find(({ order }) => order.behind > 0) ??
    (claimed !== null && claimedOrder.behind > 0 && claimedOrder.ahead === 0
      ? { row: claimed, order: claimedOrder }
      : null);
  const own = rows.find((row) => row.deploymentId === subject.deploymentId);
  const newerOf = (some: typeof first) =>
    some.find(({ row, order }) => order !== undefined && isNewer(row, order, own));
  const isCompared = (some: typeof first): boolean =>
    some.every(({ order }) => order !== undefined);
  // What was asked for latest is mostly the newest: all that are older learn it in the first round.
  const isDecided = above !== null || newerOf(first) !== undefined || !isCompared(first);
  const orders = isDecided ? first : [...first, ...against(rivals.slice(firstRivals, mostRivals))];
  const newer = newerOf(orders);
  if (above === null && newer === undefined && rivals.length <= mostRivals)
    return isCompared(orders) ? pass({ found: standingText(compared[0]), required }) : undefined;

  const lane = fastLane(subject, ask);
  if (lane === undefined) return undefined;
  if (lane !== null) return passedBy(lane, required);
  if (above !== null) return superseded(above.row, above.order, subject);
  if (!isCompared(orders)) return undefined;
  return newer === undefined ? tooMany(rivals.length) : behindRival(newer.row);
}

const ahead: CommitOrder = { ahead: 1, behind: 0 };

/** Of two commits that do not contain each other the one asked for later is the newer, so that never each waits for the other. */
function isNewer(
  rival: DeploymentRow,
  order: CommitOrder,
  own: DeploymentRow | undefined,
): boolean {
  if (order.behind === 0) return false;
  if (order.ahead === 0) return true;
  if (own === undefined) return false;
  return rival.createdAt === own.createdAt
    ? rival.deploymentId > own.deploymentId
    : rival.createdAt > own.createdAt;
}

const orderTo = (
  row: DeploymentRow,
  subject: DeploymentSubject,
  ask: Ask,
): CommitOrder | undefined =>
  row.sha === subject.sha ? { ahead: 0, behind: 0 } : ask(commitOrder.need(row.sha));

function standingText(
  runs: { readonly row: DeploymentRow; readonly order: CommitOrder } | undefined,
): string {
  if (runs === undefined) return "nothing is known to have run there";
  const { row, order } = runs;
  return order.ahead === 0
    ? `${short(row.sha)} runs there already`
    : `${count(order.ahead, "commit")} ahead of ${short(row.sha)}, which runs there`;
}

function superseded(
  row: DeploymentRow,
  order: CommitOrder,
  { sha, environment }: DeploymentSubject,
): Verdict {
  const what = `${short(row.sha)}, in ${environment} since ${instant(row.succeededAt ?? row.createdAt)}`;
  const isDiverged = order.ahead > 0;
  return fail({
    found: `${count(order.behind, "commit")} behind ${what}${isDiverged ? `, and ${order.ahead} ahead of it` : ""}`,
    required,
    need: isDiverged
      ? `${short(sha)} lacks ${count(order.behind, "commit")} of ${short(row.sha)}, which runs in ${environment}`
      : `superseded: ${short(row.sha)} runs in ${environment} and is newer`,
    next: isDiverged
      ? `Somebody deploys a commit that contains ${short(row.sha)}. To go back, deploy one that ran there before.`
      : `Nothing is to be done where the newer commit is wanted. To go back, deploy a commit that ran there before, marked with ${commandSpan("rollback", environment, "<reason>")}.`,
    evidence: [{ label: `deployment ${row.deploymentId} to ${row.environment}`, sha: row.sha }],
  });
}

const behindRival = (row: DeploymentRow): Verdict =>
  pending({
    found: `${short(row.sha)} is newer and on its way (deployment ${row.deploymentId})`,
    required,
    need: `${short(row.sha)}, which is newer, goes first`,
    next: `Gatehouse judges again by itself when deployment ${row.deploymentId} has ended: when it went out, this one is rejected as superseded; when it did not, this one may go.`,
    evidence: [{ label: `deployment ${row.deploymentId} to ${row.environment}`, sha: row.sha }],
  });

const tooMany = (rivals: number): Verdict =>
  pending({
    found: `${rivals} deployments are on their way; ${mostRivals} are compared at most`,
    required,
    need: `${rivals} deployments are on their way to this environment`,
    next: "Somebody cancels the runs that are not wanted any more; then Gatehouse judges again by itself.",
  });
