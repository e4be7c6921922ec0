import { z } from "zod";
import { askOverride } from "#core/commands/override.ts";
import { mayUse } from "#core/commands/authority.ts";
import { grantOf } from "#core/commands/override-choice.ts";
import type { Outcome } from "#core/commands/command.ts";
import { labelsAdded, type AddedLabel } from "#core/facts/labels-added.ts";
import type { Person } from "#core/model/actor.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import { lookUp } from "#core/model/fact.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { asking } from "#core/facts/read-table.ts";
import type { OverrideDefinition } from "#core/policy/schema.ts";
import type { FactSession } from "#core/ports/facts.ts";
import { priorities, type Lease, type WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { labelAwaitsReason, labelRefused, labelRemoved } from "#core/render/label.ts";
import { oneLine } from "#core/text/plain-text.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import type { Deps } from "#flow/deps.ts";
import { judgeItem } from "#flow/jobs/judge-item.ts";
import {
  headTime,
  labelHead,
  labelRequestKey,
  readHeadTime,
  readLabelRequest,
  reasonAwaited,
  type LabelRequest,
} from "#flow/in-force/people-values.ts";
import { readCommandContext } from "./command-context.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { publish } from "#flow/publish/publish.ts";
import { foundComment, type CommandRequest } from "#flow/in-force/command-request.ts";
import { readFacts } from "#flow/judge/read-facts.ts";
import { done, type Outcome as WorkOutcome } from "#flow/jobs/work.ts";
import type { SummaryComment } from "#flow/publish/summary-comment.ts";

export const labelItem = (
  repository: number,
  number: number,
  label: string,
  now: number,
): WorkItem => ({
  key: `label:${repository}:${number}:${label.toLowerCase()}`,
  kind: "label",
  payload: { repository, number, label },
  priority: priorities.command,
  runAt: now,
  share: String(repository),
});

const payloadSchema = z.object({ repository: z.number(), number: z.number(), label: z.string() });
const sameLabel = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
/** The act by which somebody asked with a label. */
const requestId = (repository: number, number: number, label: string, addedAt: number): string =>
  `label:${repository}:${number}:${label.toLowerCase()}:${addedAt}`;

/** The part of the summary comment that speaks of a label. */
export const labelSection = (label: string): string => `label:${label.toLowerCase()}`;

/** Labels of the policy's overrides that somebody has to look at: newly added, taken off, or left standing by a push. Costs no call. */
export async function labelItems(
  deps: Deps,
  policy: EffectivePolicy,
  repository: number,
  number: number,
  headSha: string,
  present: readonly string[],
  added: readonly AddedLabel[],
): Promise<readonly WorkItem[]> {
  const items: WorkItem[] = [];
  for (const { label } of policy.overrides) {
    if (label === undefined) continue;
    const labelRequest = readLabelRequest(
      await deps.store.records.getValue(labelRequestKey(repository, number, label)),
    );
    const stands = present.some((each) => sameLabel(each, label));
    const isAnother =
      labelRequest !== null &&
      added.some(({ name, at }) => sameLabel(name, label) && at !== labelRequest.addedAt);
    if (
      stands
        ? labelRequest === null || labelRequest.sha !== headSha || isAnother
        : labelRequest !== null
    )
      items.push(labelItem(repository, number, label, deps.clock.now()));
  }
  return items;
}

/** Carries out what a label asks for: authority comes from who added it by GitHub's timeline (threat T28), the reason from what they say next. */
export function createLabelOverrides(
  deps: Deps,
  policies: Policies,
  summary: SummaryComment,
): (lease: Lease) => Promise<WorkOutcome> {
  const { store, clock } = deps;

  async function takeOff(
    lease: Lease,
    repository: RepositoryRecord,
    number: number,
    label: string,
    says: string,
    by: Person | null,
    why: string,
  ): Promise<void> {
    const key = `label:${repository.id}:${number}:${label.toLowerCase()}`;
    const effect = {
      kind: "remove_label" as const,
      key,
      repository: repository.id,
      issue: number,
      label,
    };
    // Hashed with the time, so that it is sent again: the label may have come back since it was taken off last.
    const audit = [
      {
        at: clock.now(),
        kind: "label",
        repository: repository.id,
        subject: `pr:${repository.id}:${number}`,
        actor: by?.login ?? null,
        detail: { label, outcome: why },
      },
    ];
    await store.ledger.record({
      lease,
      decision: null,
      effects: [{ effect, hash: contentHash({ effect, at: clock.now() }) }],
      audit,
    });
    await publish(deps, lease, key, repository);
    await summary.update(lease, repository, number, [{ name: labelSection(label), text: says }]);
  }

  async function mayAsk(
    definition: OverrideDefinition,
    by: Person,
    repository: RepositoryRecord,
    session: FactSession,
  ): Promise<boolean> {
    const place = { owner: repository.owner, author: null };
    const run = (ask: Parameters<typeof mayUse>[0]["ask"]): boolean | undefined =>
      mayUse({ actor: by, place, ask }, [grantOf(definition)]);
    const table = await readFacts(session, (known) => asking(known, run).needs);
    const may = asking(table, run).answer;
    if (may !== undefined) return may;
    const trouble = [...table.values()].find((result) => !result.ok);
    throw new GatehouseError(
      trouble?.ok === false && isTransient(trouble.code) ? trouble.code : "unavailable",
      `it cannot be told whether @${by.login} may ask for the override ${definition.name}`,
    );
  }

  /** Records that what a label asked for is over, once and for all: putting the label back is another act, of whoever does it. */
  async function makeVoid(
    repository: RepositoryRecord,
    number: number,
    labelRequest: LabelRequest,
    definition: OverrideDefinition,
  ): Promise<void> {
    const label = definition.label ?? "";
    const request = requestId(repository.id, number, label, labelRequest.addedAt);
    const acts = await store.acts.find({ repository: repository.id, pullRequest: number });
    const asked = acts.find(({ id }) => id === request);
    if (asked === undefined) return;
    await store.acts.add(
      {
        ...asked,
        id: `${request}:void`,
        kind: "override_cancel",
        at: Math.max(asked.at, clock.now()),
        reason: "the label was taken off",
        detail: { override: request, because: "label removed" },
      },
      [
        {
          at: clock.now(),
          kind: "label",
          repository: repository.id,
          subject: `pr:${repository.id}:${number}`,
          actor: null,
          detail: { label, outcome: "void for good", override: definition.name, act: request },
        },
      ],
    );
  }

  /** Whether a push came after the label: then it asked for another commit (threat T29). */
  async function isFromBefore(
    repository: number,
    number: number,
    head: string,
    added: AddedLabel,
    known: LabelRequest | null,
  ): Promise<boolean> {
    if (known !== null && known.addedAt === added.at) return known.sha !== head;
    const seen = readHeadTime(
      await store.records.getValue(labelHead(repository, number, added.name)),
    );
    // GitHub said itself on which head it was put.
    if (seen !== null && seen.at >= added.at) return seen.sha !== head;
    if (added.overtaken === true) return true;
    const headAt = readHeadTime(await store.records.getValue(headTime(repository, number)));
    // A head of which nothing was heard came after the one that was: perhaps after the label, too.
    return headAt !== null && (headAt.sha !== head || headAt.at > added.at);
  }

  return async (lease) => {
    const { repository: id, number, label } = payloadSchema.parse(lease.payload);
    const repository = await store.records.repository(id);
    const resolved = repository === null ? null : await policies.of(repository);
    if (
      repository === null ||
      !repository.active ||
      repository.archived ||
      resolved?.kind !== "effective"
    )
      return done;
    const definition = resolved.policy.overrides.find(
      (each) => each.label !== undefined && sameLabel(each.label, label),
    );
    if (definition === undefined) return done;
    const session = deps.facts.open({ kind: "pull_request", repository: id, number }, repository);
    const place = await readCommandContext(deps, repository, number, session, {
      at: 0,
      seenHead: null,
    });
    const valueKey = labelRequestKey(id, number, label);
    const known = readLabelRequest(await store.records.getValue(valueKey));
    const read = lookUp(await session.read([labelsAdded.need()]), labelsAdded.need());
    if (read?.ok !== true)
      throw new GatehouseError(
        read?.code ?? "unavailable",
        read?.message ?? "who added the labels was not read",
        { retryAt: read?.retryAt },
      );
    const added = place.labels.some((each) => sameLabel(each, label))
      ? read.value.find((each) => sameLabel(each.name, label))
      : undefined;
    if (known !== null && (known.addedAt !== added?.at || known.by.id !== added.by?.id)) {
      await makeVoid(repository, number, known, definition);
      await store.records.setValue(valueKey, "");
      await store.records.setValue(reasonAwaited(id, number, known.by.id), "");
    }
    if (added === undefined || place.state !== "open") {
      if (known !== null) {
        await store.records.setValue(valueKey, "");
        await store.records.setValue(reasonAwaited(id, number, known.by.id), "");
        if (known.state === "awaits reason")
          await summary.update(lease, repository, number, [
            { name: labelSection(label), text: null },
          ]);
      }
      return done;
    }
    if (await isFromBefore(id, number, place.headSha, added, known)) {
      if (known !== null) await store.records.setValue(reasonAwaited(id, number, known.by.id), "");
      await store.records.setValue(valueKey, "");
      await takeOff(
        lease,
        repository,
        number,
        added.name,
        labelRemoved(added.name, definition.name),
        added.by,
        "void by a push",
      );
      return done;
    }
    if (known !== null && known.addedAt === added.at) return done;
    const { by } = added;
    if (
      by === null ||
      by.type !== "User" ||
      by.login.endsWith("[bot]") ||
      !(await mayAsk(definition, by, repository, session))
    ) {
      await takeOff(
        lease,
        repository,
        number,
        added.name,
        labelRefused(added, definition, repository.owner),
        by,
        "not authorised",
      );
      return done;
    }
    const labelRequest: LabelRequest = {
      addedAt: added.at,
      sha: place.headSha,
      by,
      state: "awaits reason",
    };
    await store.records.setValue(valueKey, JSON.stringify(labelRequest));
    await store.records.setValue(reasonAwaited(id, number, by.id), definition.label ?? label);
    // What they said before we knew of the label was passed over when it arrived: it is heard now, in its order.
    await store.queue.mark(
      (added.comments ?? []).map((comment) =>
        foundComment(deps, repository, number, comment, place.headSha),
      ),
    );
    const audit = [
      {
        at: clock.now(),
        kind: "label",
        repository: id,
        subject: `pr:${id}:${number}`,
        actor: by.login,
        detail: {
          label: added.name,
          outcome: "awaits reason",
          override: definition.name,
          sha: place.headSha,
        },
      },
    ];
    await summary.update(
      lease,
      repository,
      number,
      [{ name: labelSection(label), text: labelAwaitsReason(added.name, by, definition) }],
      audit,
    );
    return done;
  };
}

/** What a person says after adding such a label is its reason. */
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
  const labelRequest = readLabelRequest((await store.records.getValue(valueKey)) ?? null);
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
  // The label asked for the commit it was put on; what came since is another.
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
        said: { at: request.at, comment: request.from.kind === "comment" ? request.from.id : null },
        place: bound,
        policy,
        acts: acts.filter((act) => act.id !== id),
        deployments: [],
        spokenFor: [],
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
    subject: `pr:${repository.id}:${number}`,
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
    await store.records.setValue(awaited, "");
    await store.records.setValue(
      valueKey,
      JSON.stringify({ ...labelRequest, state: "asked" } satisfies LabelRequest),
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
