import { pullRequestKey } from "#core/model/subject.ts";
import type { mayUse } from "#core/commands/authority.ts";
import type { Outcome } from "#core/commands/command.ts";
import { askOverride } from "#core/commands/override.ts";
import { asking } from "#core/facts/read-table.ts";
import type { Person } from "#core/model/actor.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { oneLine } from "#core/text/plain-text.ts";
import type { Deps } from "#flow/deps.ts";
import { readFacts } from "#flow/facts/read-facts.ts";
import { sameLabel } from "#flow/in-force/label-items.ts";
import {
  awaitNoReason,
  labelRequestKey,
  readLabelRequest,
  reasonAwaited,
  type LabelRequest,
} from "#flow/in-force/people-values.ts";
import type { CommandRequest } from "#flow/jobs/command-job.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import type { SummaryComment } from "#flow/publish/summary-comment.ts";
import { readCommandContext } from "./command-context.ts";
import { labelSection, requestId } from "./label-names.ts";

/** Takes the next comment of the person who added an override's label as its reason. */
export async function giveReason(
  deps: Deps,
  lease: Lease,
  policy: EffectivePolicy,
  summary: SummaryComment,
  repository: RepositoryRecord,
  number: number,
  request: {
    readonly key: string;
    readonly actor: Person;
    readonly at: number;
    readonly heardAt: number;
    readonly seenHead: string | null;
    readonly from: CommandRequest["from"];
  },
  body: string,
  session: FactSession,
): Promise<void> {
  const { store, clock } = deps;
  const awaited = reasonAwaited(repository.id, number, request.actor.id);
  const label = (await store.records.getValue(awaited)) ?? "";
  const valueKey = labelRequestKey(repository.id, number, label);
  const heard = await store.records.getValue(valueKey);
  const labelRequest = readLabelRequest(heard);
  const definition = policy.overrides.find(
    (each) => each.label !== undefined && sameLabel(each.label, label),
  );
  if (
    label === "" ||
    labelRequest === null ||
    definition === undefined ||
    labelRequest.by.id !== request.actor.id
  )
    return;
  const place = await readCommandContext(deps, repository, number, session, request);
  const acts = await store.acts.find({ repository: repository.id, pullRequest: number });
  const reviews = await store.tickets.open(repository.id, "review");
  // The label is bound to the commit it was put on; a later head is another one.
  const bound = { ...place, seenSha: place.seenSha === labelRequest.sha ? labelRequest.sha : null };
  const id = requestId(repository.id, number, label, labelRequest.addedAt);
  const run = (ask: Parameters<typeof mayUse>[0]["ask"]): Outcome | undefined =>
    askOverride(
      {
        id,
        command: "override",
        rest: "",
        actor: request.actor,
        at: request.heardAt,
        now: clock.now(),
        commentedAt: {
          at: request.at,
          comment: request.from.kind === "comment" ? request.from.id : null,
        },
        context: bound,
        policy,
        acts: acts.filter((act) => act.id !== id),
        deployments: [],
        commitsOnProtectionRules: [],
        reviews,
        decision: null,
        commands: [],
        ask,
      },
      {
        chosen: { definition, rules: definition.rules },
        reason: oneLine(body, 500),
        label: definition.label ?? label,
        labelAt: labelRequest.addedAt,
      },
    );
  const table = await readFacts(session, (known) => asking(known, run).needs);
  const outcome = asking(table, run).answer;
  if (outcome === undefined)
    throw new GatehouseError("unavailable", "it cannot be told whose change this is");
  const audit = {
    at: clock.now(),
    kind: "override",
    repository: repository.id,
    subject: pullRequestKey(repository.id, number),
    actor: request.actor.login,
    detail: {
      label,
      outcome: outcome.kind,
      name: definition.name,
      from: request.key,
      act: outcome.kind === "done" ? id : null,
    },
  };
  if (outcome.kind === "done") {
    for (const act of outcome.acts) await store.acts.add(act);
    await awaitNoReason(store.records, repository.id, number, request.actor.id, label);
    // A label that was removed meanwhile asks for nothing.
    const asked: LabelRequest = { ...labelRequest, state: "asked" };
    await store.records.changeValue(valueKey, (now) =>
      now === heard ? JSON.stringify(asked) : null,
    );
    await store.queue.mark([
      judgeItem({ kind: "pull_request", repository: repository.id, number }, clock.now(), true),
    ]);
  }
  await summary.update(
    lease,
    repository,
    number,
    [{ name: labelSection(label), text: outcome.says }],
    [audit],
  );
}
