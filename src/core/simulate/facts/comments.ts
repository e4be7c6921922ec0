import type { Call, CommandContext } from "#core/commands/command.ts";
import { mayUse } from "#core/commands/authority.ts";
import { countingCommits } from "#core/commands/bound-commit.ts";
import { execute } from "#core/commands/execute.ts";
import { commands } from "#core/commands/index.ts";
import { grantOf } from "#core/commands/override-choice.ts";
import { askOverride } from "#core/commands/override.ts";
import { parseCommands } from "#core/commands/parse.ts";
import { deploymentApprovals, recordedFreezes } from "#core/facts/deployment-approvals.ts";
import { labels as labelsFact } from "#core/facts/pull-request.ts";
import type { Act } from "#core/model/act.ts";
import type { Person } from "#core/model/actor.ts";
import type { Hold } from "#core/model/decision.ts";
import type { FactResult, Need } from "#core/model/fact.ts";
import type { Override } from "#core/model/override.ts";
import type { Subject } from "#core/model/subject.ts";
import { grantedOverrides, overrideRequests } from "#core/overrides/grant.ts";
import { commentsUntold, holdsInForce, labelsUntold } from "#core/overrides/holds.ts";
import { freezesInForce } from "#core/deployments/freezes-in-force.ts";
import type { Ask } from "#core/facts/ask.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { askTable } from "#core/facts/read-table.ts";
import { protectionRuleOf } from "./deployments.ts";
import { hadHandIn } from "./hand-in.ts";
import type { World } from "./world.ts";

/** Answers needs from simulated facts; facts that are not given are unreadable. */
export type SimulatedAnswers = (need: Need<unknown>) => FactResult<unknown>;

interface Comment {
  readonly by: Person;
  readonly body: string;
  readonly at: number;
  readonly number: number;
}

type Around = Omit<Call, "id" | "command" | "rest" | "commands" | "acts" | "actor" | "at" | "now">;

/** Comments in the order in which they were made. What was edited, or written by a bot, says nothing (threats T4, T34). */
function commentsOf(world: World): readonly Comment[] {
  const given = world.given.comments ?? [];
  return given
    .map((comment, index) => ({
      by: world.person(comment.by),
      body: comment.body,
      at: comment.at ?? world.instantOf(index, given.length),
      number: index + 1,
      edited: comment.edited ?? false,
    }))
    .filter(({ by, edited, at }) => !edited && by.type === "User" && at <= world.now)
    .toSorted((a, b) => a.at - b.at || a.number - b.number);
}

function placeOf(world: World, subject: Subject): CommandContext {
  const mergeSha = subject.kind === "deployment" ? subject.sha : null;
  return {
    repository: 1,
    owner: world.owner,
    name: world.name,
    number: world.given.pull_request?.number ?? 1,
    state: mergeSha === null ? (world.given.pull_request?.state ?? "open") : "merged",
    headSha: world.headSha,
    mergeSha,
    author: world.author,
    seenSha: world.headSha,
    labels: (world.given.pull_request?.labels ?? []).map(({ name }) => name),
  };
}

/** The acts that comments and labels lead to, carried out one after the other as the live gate does. Oldest first. */
export function actsOf(
  policy: EffectivePolicy,
  world: World,
  subject: Subject,
  answers: SimulatedAnswers,
): readonly Act[] {
  const comments = commentsOf(world);
  if (comments.length === 0) return [];
  const around: Around = {
    context: placeOf(world, subject),
    policy,
    deployments: subject.kind === "deployment" ? protectionRuleOf(world) : [],
    commitsOnProtectionRules: [],
    reviews: [],
    decision: null,
    ask: asking(answers),
  };
  const acts: Act[] = [];
  for (const { by, body, at, number } of comments) {
    const call = { ...around, id: `plain:comment:${number}`, actor: by, at, now: at, acts };
    const told = (said: readonly Act[]): readonly Act[] =>
      said.map((act) => withHand(act, world, subject));
    acts.push(
      ...told(
        execute(
          parseCommands(body, { slug: "gatehouse", bare: policy.commands.bare }),
          call,
          commands,
        ).acts,
      ),
    );
    acts.push(
      ...told(
        askedWithLabels(policy, world, { ...call, command: "override", rest: "", commands }, body),
      ),
    );
  }
  return acts;
}

/** At a deployment, a contributor to anything that is deployed cannot be the second person of an override. */
function withHand(act: Act, world: World, subject: Subject): Act {
  return (act.kind === "override" || act.kind === "confirm") && hadHandIn(act.actor, world, subject)
    ? { ...act, detail: { ...act.detail, wrote: true } }
    : act;
}

function asking(answers: SimulatedAnswers): Ask {
  const table = new Map<string, FactResult<unknown>>();
  return (need) => {
    table.set(need.key, answers(need));
    return askTable(table)(need);
  };
}

/** A label asks for the override of that label: by who put it there, with what that person said next as the reason. */
function askedWithLabels(
  policy: EffectivePolicy,
  world: World,
  call: Call,
  reason: string,
): readonly Act[] {
  if (parseCommands(reason, { slug: "gatehouse", bare: policy.commands.bare }).length > 0)
    return [];
  return (world.given.pull_request?.labels ?? []).flatMap((standing) => {
    const definition = policy.overrides.find(
      ({ label }) => label?.toLowerCase() === standing.name.toLowerCase(),
    );
    if (
      definition === undefined ||
      standing.by === undefined ||
      world.person(standing.by).id !== call.actor.id
    )
      return [];
    const id = `plain:label:${standing.name.toLowerCase()}`;
    if (
      (standing.at ?? 0) > call.at ||
      call.acts.some((act) => act.id === id) ||
      mayUse(call, [grantOf(definition)]) !== true
    )
      return [];
    const outcome = askOverride(
      { ...call, id },
      { chosen: { definition, rules: definition.rules }, reason, label: standing.name },
    );
    return outcome?.kind === "done" ? outcome.acts : [];
  });
}

/** Holds and overrides that follow from the acts; a label may hold by itself. */
export function inForce(
  policy: EffectivePolicy,
  world: World,
  subject: Subject,
  acts: readonly Act[],
  answers: SimulatedAnswers,
): { readonly holds: readonly Hold[]; readonly overrides: readonly Override[] } {
  const place = placeOf(world, subject);
  const areLabelsRead = answers(labelsFact.need()).ok;
  const requests = overrideRequests(acts, {
    definitions: policy.overrides,
    shas: countingCommits({ context: place }),
    now: world.now,
    labels: areLabelsRead ? place.labels : [],
  });
  return {
    holds: [
      // At a deployment only commands hold; labels hold pull requests.
      ...holdsInForce(acts, subject.kind === "deployment" ? [] : place.labels),
      ...(subject.kind === "deployment" || areLabelsRead ? [] : [labelsUntold]),
      ...(world.given.unreadable?.some(({ fact }) => fact === "comments") === true
        ? [commentsUntold]
        : []),
    ],
    overrides: grantedOverrides(requests).map((override) =>
      subject.kind === "deployment" ? { ...override, sha: subject.sha } : override,
    ),
  };
}

/** Acts given as facts and acts from comments, ordered by time. */
const inTurn = (fact: string, all: readonly unknown[]): readonly unknown[] =>
  fact === deploymentApprovals.name ? (all as readonly Act[]).toSorted((a, b) => a.at - b.at) : all;

/** The simulated answers with the acts from comments added. */
export function withActs(
  answers: SimulatedAnswers,
  acts: readonly Act[],
  now: number,
): SimulatedAnswers {
  if (acts.length === 0) return answers;
  const more = new Map<string, readonly unknown[]>([
    [
      deploymentApprovals.name,
      acts.filter(({ kind }) => kind === "approve" || kind === "reject" || kind === "rollback"),
    ],
    [recordedFreezes.name, freezesInForce(acts, now)],
  ]);
  return (need) => {
    const result = answers(need);
    const said = more.get(need.fact) ?? [];
    return result.ok && Array.isArray(result.value) && said.length > 0
      ? { ...result, value: inTurn(need.fact, [...result.value, ...said]) }
      : result;
  };
}
