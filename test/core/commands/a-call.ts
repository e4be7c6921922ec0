import { rollbackHistory } from "#core/facts/deployments.ts";
import type { Call, Outcome } from "#core/commands/command.ts";
import { commands } from "#core/commands/index.ts";
import { execute } from "#core/commands/execute.ts";
import { doubtedCommands, parseCommands } from "#core/commands/parse.ts";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import { environments } from "#core/facts/repository.ts";
import { commits, pullRequest, pushers } from "#core/facts/pull-request.ts";
import type { Act } from "#core/model/act.ts";
import type { Person, Role } from "#core/model/actor.ts";
import { lookUp, type FactTable } from "#core/model/fact.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import {
  aCommit,
  alice,
  aPerson,
  aPullRequest,
  bob,
  carol,
  dave,
  eve,
  factsOf,
  headSha,
  monday,
  sha,
  tell,
  type Told,
} from "../build.ts";
import { softTable } from "../soft-facts.ts";
import { effective } from "../policy/some-policy.ts";

export const mergeSha = sha("c");

/** Everything a command may be about: two overrides, approvals, a window, freezers. */
export const somePolicy: EffectivePolicy = effective({
  own: `
version: 1
rules:
  - { name: reviewed, require: { reviews: { approvals: 2 } } }
  - { name: tested, require: { checks: { names: [unit] } } }
  - { name: never, require: { labels: { none: [wip] } } }
  - name: release-approval
    when: { environments: [production] }
    require: { approvals: { count: 1, teams: [seniors] } }
  - name: hours
    when: { environments: ["production*"] }
    require: { window: business-hours }
  - { name: not-frozen, applies_to: deployment, require: { not_frozen: true } }
windows:
  business-hours:
    timezone: Europe/Berlin
    open: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }]
freezers: { teams: [seniors] }
overrides:
  - name: emergency
    label: emergency
    rules: [reviewed, tested]
    by: { teams: [commanders] }
    confirmations: 1
    lasts: 4h
    ticket: required
    post_review: { within: 2d, teams: [security] }
  - { name: hotfix, rules: [tested], by: { users: [dave] } }
`,
});

/** alice wrote the change. bob and carol are commanders, carol is a senior, dave writes, eve reads. */
const roles: readonly (readonly [Person, Role])[] = [
  [alice, "write"],
  [bob, "triage"],
  [carol, "maintain"],
  [dave, "write"],
  [eve, "read"],
];

const told = (value: unknown) => ({ ok: true as const, value, evidence: [] });

export const facts = (...told: readonly Told[]): FactTable =>
  factsOf(
    ...roles.map(([person, role]) => tell(roleOf.need(person), role)),
    tell(teamMembers.need("commanders"), [alice, bob, carol]),
    tell(teamMembers.need("seniors"), [carol]),
    tell(teamMembers.need("security"), [eve]),
    tell(account.need("dave"), dave),
    tell(pullRequest.need(), aPullRequest()),
    tell(commits.need(), [aCommit()]),
    tell(pushers.need(), [alice]),
    tell(environments.need(), ["Staging", "qa"]),
    ...told,
  );

const grammar = { slug: "gatehouse", bare: true };

export interface Saying {
  readonly by?: Person;
  readonly acts?: readonly Act[];
  readonly policy?: EffectivePolicy;
  readonly place?: Partial<Call["context"]>;
  readonly now?: number;
  readonly table?: FactTable;
  readonly over?: Partial<Call>;
  readonly id?: string;
}

export function say(
  body: string,
  {
    by = bob,
    acts = [],
    policy = somePolicy,
    place = {},
    now = monday,
    table = facts(),
    over = {},
    id = "comment:1",
  }: Saying = {},
): { readonly outcomes: readonly (Outcome | undefined)[]; readonly acts: readonly Act[] } {
  const { executed, acts: made } = execute(
    [...parseCommands(body, grammar), ...doubtedCommands(body, grammar)],
    {
      id,
      actor: by,
      at: now,
      now,
      context: {
        repository: 1,
        owner: "acme",
        name: "shop",
        number: 7,
        state: "open",
        headSha,
        mergeSha: null,
        author: alice,
        seenSha: headSha,
        labels: [],
        ...place,
      },
      policy,
      acts,
      deployments: [],
      commitsOnProtectionRules: [],
      reviews: [],
      decision: null,
      ask: (need) => {
        // What GitHub knows of earlier deployments is what the record has, unless a test says otherwise.
        const known =
          need.fact === rollbackHistory.name && !table.has(need.key)
            ? new Map([...table, [need.key, told(over.deployments ?? [])]])
            : softTable(table);
        const result = lookUp(known, need);
        return result?.ok === true ? result.value : undefined;
      },
      ...over,
    },
    commands,
  );
  return { outcomes: executed.map(({ outcome }) => outcome), acts: made };
}

export function aDeploymentRow(over: Partial<DeploymentRow> = {}): DeploymentRow {
  return {
    repository: 1,
    deploymentId: 5,
    environment: "production",
    sha: mergeSha,
    ref: "main",
    runId: 900,
    actor: aPerson("dora"),
    createdAt: monday,
    state: "waiting",
    startedAt: null,
    finishedAt: null,
    succeededAt: null,
    gateRequestedAt: monday,
    gateAnsweredAt: null,
    gateAnswer: null,
    reports: 0,
    ...over,
  };
}
