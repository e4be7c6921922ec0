import { z } from "zod";
import { commitOrder, deployments, sameCommitDeployments } from "#core/facts/deployments.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { pass, pending, skipped, type Verdict } from "#core/model/verdict.ts";
import {
  durationSchema,
  formatDuration,
  parseDuration,
  positiveDurationSchema,
} from "#core/text/duration.ts";
import { instant } from "#core/text/time.ts";
import { health } from "#core/facts/health.ts";
import { questionsOf, ringHealth, ringHealthParams, ringHealthText } from "./ring-health.ts";
import { unhealthyRing } from "./unhealthy.ts";
import { placeTakenBy, promotionOf, type Promotion } from "#core/deployments/promotion.ts";
import { checksParams } from "../checks/params.ts";
import { checkFacts, stateOf as stateOfChecks, tallyOf } from "../checks/tally.ts";
import { lessIsTighter, moreIsTighter, moreMembersAreTighter, together } from "../kit/direction.ts";
import type { Ask } from "#core/facts/ask.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { name, nameGlobs } from "../kit/params.ts";
import { listed, short } from "#core/text/phrases.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";
import { fastLane, passedBy } from "../kit/time/fast-lane.ts";
import { waitsForItself } from "../kit/doubt.ts";

/** No source is asked for a longer time. */
const longestHealthMs = 7 * 86_400_000;

const written = z.strictObject({
  environment: name.meta({
    description: "The environment it must have run in before.",
    examples: ["staging"],
  }),
  bake: z
    .union([z.literal(0), durationSchema])
    .default(0)
    .meta({ description: "How long it must have run there.", examples: ["30m", 0] }),
  checks: nameGlobs
    .optional()
    .meta({ description: "Checks of the commit that must pass.", examples: [["smoke-test"]] }),
  within: positiveDurationSchema
    .optional()
    .meta({ description: "How old that deployment may be at most.", examples: ["14d"] }),
  health: ringHealthParams.optional().meta({
    description: "What health sources must say while it bakes there, and still now.",
    examples: [[{ source: "prometheus", query: "sum(rate(http_errors_total[5m]))", is: "< 0.5" }]],
  }),
});

const params = written.superRefine((asked, context) => {
  if (asked.health !== undefined && bakeOf(asked) > longestHealthMs)
    context.addIssue({
      code: "custom",
      path: ["bake"],
      message:
        "longer than 7 days, for which no health source is asked; shorten it, or leave health out",
    });
});

type Params = z.output<typeof params>;

const bakeOf = ({ bake }: Params): number => (bake === 0 ? 0 : (parseDuration(bake) ?? 0));
const withinOf = ({ within }: Params): number | undefined =>
  within === undefined ? undefined : parseDuration(within);

export const promotedFrom = defineRule<Params>({
  name: "promoted_from",
  summary: "The same commit was deployed to another environment first, and it held.",
  appliesTo: ["deployment"],
  params,
  needs: (asked) => [
    deployments,
    sameCommitDeployments,
    commitOrder,
    ...(asked.checks === undefined ? [] : checkFacts),
    ...(asked.health === undefined ? [] : [health]),
  ],
  judge,
  compare: (organization, repository) =>
    organization.environment.toLowerCase() !== repository.environment.toLowerCase()
      ? "looser"
      : together(
          moreIsTighter(bakeOf(organization), bakeOf(repository)),
          moreMembersAreTighter(organization.checks ?? [], repository.checks ?? []),
          lessIsTighter(withinOf(organization), withinOf(repository)),
          moreMembersAreTighter(questionsOf(organization.health), questionsOf(repository.health)),
        ),
  joined: ["checks", "health"],
  doubts: (written) => waitsForItself(written, "checks"),
  asksSources: (asked) => (asked.health ?? []).map(({ source }) => source),
  describe: requiredOf,
});

function requiredOf(asked: Params): string {
  const bake = bakeOf(asked);
  return [
    `deployed to ${asked.environment}${bake === 0 ? "" : ` for ${formatDuration(bake)}`}`,
    ...(asked.within === undefined ? [] : [`within ${asked.within}`]),
    ...(asked.checks === undefined ? [] : [`${listed(asked.checks)} passed`]),
    ...(asked.health === undefined ? [] : [ringHealthText(asked.health)]),
  ].join(", ");
}

/** Unmet it is always pending: a further deployment there can turn it. */
function judge(
  { params: asked, subject, now }: RuleContext<Params>,
  ask: Ask,
): Verdict | undefined {
  const required = requiredOf(asked);
  if (subject.kind !== "deployment") return skipped({ found: "not a deployment", required });
  const rows = ask(deployments.need(asked.environment));
  const tallies = (asked.checks ?? []).map((glob) => ({
    glob,
    tally: tallyOf(checksParams.parse({ names: [glob] }), { subject, now }, ask),
  }));
  if (rows === undefined) return undefined;
  const promotion = wentBack(
    promotionOf(rows, subject.sha, now, {
      bake: bakeOf(asked),
      within: withinOf(asked) ?? null,
    }),
    rows,
    ask,
  );
  const proofs = tallies.flatMap(({ glob, tally }) =>
    tally === undefined ? [] : [{ glob, state: stateOfChecks(tally) }],
  );
  if (proofs.length < tallies.length || promotion === undefined) return undefined;
  const unproven = proofs.filter(({ state }) => state !== "passed");
  const ring = healthOf(promotion, asked, now, ask);
  if (ring === undefined) return undefined;
  const isHealthy = ring === null || ring.kind === "healthy";
  if (promotion.kind === "ready" && unproven.length === 0 && isHealthy) {
    const within = withinOf(asked);
    return pass({
      found: stateOf(promotion, asked),
      required,
      evidence: evidenceOf(promotion),
      ...(within === undefined || promotion.row.succeededAt === null
        ? {}
        : { changesAt: promotion.row.succeededAt + within + 1 }),
      ...(ring?.kind === "healthy" ? { goodUntil: ring.goodUntil } : {}),
    });
  }
  const lane = fastLane(subject, ask);
  if (lane === undefined) return undefined;
  if (lane !== null) return passedBy(lane, required);
  const found = [
    stateOf(promotion, asked),
    ...(isHealthy ? [] : [ring.found]),
    ...unproven.map(({ glob, state }) => `${glob}: ${state}`),
  ].join("; ");
  if (!isHealthy)
    return unhealthyRing(ring, {
      ...{ found, required, evidence: evidenceOf(promotion) },
      ...{ environment: asked.environment, sha: subject.sha },
      ...(promotion.kind === "baking" ? { bakesUntil: promotion.until } : {}),
    });
  if (promotion.kind === "ready") {
    const names = listed(
      unproven.map(({ glob }) => glob),
      3,
    );
    return pending({
      found,
      required,
      evidence: evidenceOf(promotion),
      need: `Waiting for ${names} after ${asked.environment}`,
      next: `${names} must pass on ${short(subject.sha)}.`,
    });
  }
  return pending({
    found,
    required,
    evidence: evidenceOf(promotion),
    need: needOf(promotion, asked, subject.sha),
    next: nextOf(promotion, asked, subject.sha),
    ...(promotion.kind === "baking" ? { changesAt: promotion.until } : {}),
  });
}

/** The verdict if an older commit replaced this one, which is a roll back even if the older one never ran there before. */
function wentBack(
  promotion: Promotion,
  rows: readonly DeploymentRow[],
  ask: Ask,
): Promotion | undefined {
  if (promotion.kind !== "ready") return promotion;
  const { row } = promotion;
  const by = placeTakenBy(rows, row);
  if (by === null) return promotion;
  const order = ask(commitOrder.need(by.sha));
  if (order === undefined) return undefined;
  return order.ahead > 0 && order.behind === 0 ? { kind: "rolled_back", row, by } : promotion;
}

/** The health of the environment during the bake and now; null if the rule does not ask, or the commit does not run there. */
function healthOf(
  promotion: Promotion,
  asked: Params,
  now: number,
  ask: Ask,
): ReturnType<typeof ringHealth> | null {
  if (asked.health === undefined) return null;
  if (promotion.kind !== "baking" && promotion.kind !== "ready") return null;
  const from = promotion.row.succeededAt;
  return from === null
    ? null
    : ringHealth(asked.health, { from, until: from + bakeOf(asked) }, now, ask);
}

const when = (at: number | null): string => (at === null ? "" : ` ${instant(at)}`);

const isClaimed = ({ told }: DeploymentRow): boolean => told?.claimedAt !== undefined;
const claimed = "its success was reported by somebody else than who made it, which proves nothing";

function stateOf(promotion: Promotion, { environment }: Params): string {
  switch (promotion.kind) {
    case "never":
      return `never deployed to ${environment}`;
    case "running":
      return `${promotion.row.state.replaceAll("_", " ")} in ${environment}${isClaimed(promotion.row) ? `; ${claimed}` : ""}`;
    case "unproven":
      if (isClaimed(promotion.row)) return `deployed to ${environment}; ${claimed}`;
      return `deployed to ${environment} without this gate, which proves nothing`;
    case "failed":
      return `its newest deployment to ${environment} ended as ${promotion.row.state}${when(promotion.row.finishedAt)}`;
    case "baking":
      return `in ${environment} since${when(promotion.row.succeededAt)}, bakes until ${instant(promotion.until)}`;
    case "replaced":
      return `replaced in ${environment} by ${short(promotion.by.sha)}${when(promotion.by.succeededAt)}, before it had baked`;
    case "rolled_back":
      return `rolled back in ${environment} to ${short(promotion.by.sha)}${when(promotion.by.succeededAt)}`;
    case "too_old":
    case "ready":
      return `succeeded in ${environment}${when(promotion.row.succeededAt)}`;
  }
}

function needOf(promotion: Promotion, { environment }: Params, sha: string): string {
  switch (promotion.kind) {
    case "never":
      return `${short(sha)} must run in ${environment} first`;
    case "running":
      return `Waiting for ${environment}`;
    case "unproven":
      if (isClaimed(promotion.row)) return `Whether ${environment} succeeded is not proven`;
      return `${short(sha)} went to ${environment} without this gate`;
    case "failed":
      return `${environment} failed`;
    case "baking":
      return `Bakes in ${environment} until ${instant(promotion.until)}`;
    case "replaced":
      return `${short(sha)} was replaced in ${environment} before it had baked`;
    case "rolled_back":
      return `${environment} was rolled back`;
    case "too_old":
      return `The deployment to ${environment} is too old`;
    case "ready":
      return "";
  }
}

function nextOf(promotion: Promotion, { environment }: Params, sha: string): string {
  switch (promotion.kind) {
    case "running":
      return `Gatehouse judges again by itself when the deployment to ${environment} ends. Where nothing comes of it, somebody deploys ${short(sha)} to ${environment} again.`;
    case "baking":
      return `Gatehouse judges again by itself at ${instant(promotion.until)}.`;
    case "unproven":
      if (isClaimed(promotion.row))
        return `Who made deployment ${promotion.row.deploymentId} reports its success, or somebody deploys ${short(sha)} to ${environment} again.`;
      return `Somebody deploys ${short(sha)} to ${environment} in a run that asks this gate; where ${environment} never asks it, an administrator adds the Gatehouse protection rule to it.`;
    default:
      return `Somebody deploys ${short(sha)} to ${environment}${promotion.kind === "never" ? "" : " again"}.`;
  }
}

function evidenceOf(promotion: Promotion): readonly Evidence[] {
  if (promotion.kind === "never") return [];
  const { row } = promotion;
  return [
    {
      label: `deployment ${row.deploymentId} to ${row.environment}: ${row.state}`,
      sha: row.sha,
      at: row.succeededAt ?? row.createdAt,
    },
  ];
}
