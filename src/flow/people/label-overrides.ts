import { pullRequestKey } from "#core/model/subject.ts";
import { mayUse } from "#core/commands/authority.ts";
import { grantOf } from "#core/commands/override-choice.ts";
import { labelsAdded, type AddedLabel } from "#core/facts/labels-added.ts";
import { asking } from "#core/facts/read-table.ts";
import type { Person } from "#core/model/actor.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import { lookUp } from "#core/model/fact.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { OverrideDefinition } from "#core/policy/schema.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { labelAwaitsReason, labelRefused, labelRemoved, labelTooLate } from "#core/render/label.ts";
import type { Deps } from "#flow/deps.ts";
import { readFacts } from "#flow/facts/read-facts.ts";
import { valueOf } from "#flow/facts/value-of.ts";
import { sameLabel } from "#flow/in-force/label-items.ts";
import {
  awaitNoReason,
  headTime,
  labelHead,
  labelRequestKey,
  readHeadTime,
  readLabelRequest,
  reasonAwaited,
  type LabelRequest,
} from "#flow/in-force/people-values.ts";
import { pullOfDeployment } from "#flow/in-force/pull-of-deployment.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { done } from "#flow/jobs/outcome.ts";
import type { labelJob } from "#flow/jobs/pull-request-jobs.ts";
import { waitingIn } from "#flow/judge/waiting-deployments.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { hashAt, sendEffect } from "#flow/publish/send-effect.ts";
import type { SummaryComment } from "#flow/publish/summary-comment.ts";
import { readCommandContext } from "./command-context.ts";
import { foundComment } from "./found-comment.ts";
import { labelSection, requestId } from "./label-names.ts";

/** Carries out what a label asks for: authority comes from who added it by GitHub's timeline (threat T28), the reason from what they say next. */
export function createLabelRequests(
  deps: Deps,
  policies: Policies,
  summary: SummaryComment,
): HandlerOf<typeof labelJob> {
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
    const effect = {
      kind: "remove_label" as const,
      key: `label:${repository.id}:${number}:${label.toLowerCase()}`,
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
        subject: pullRequestKey(repository.id, number),
        actor: by?.login ?? null,
        detail: { label, outcome: why },
      },
    ];
    await sendEffect(deps, lease, repository, effect, { hash: hashAt(effect, clock.now()), audit });
    await summary.update(lease, repository, number, [{ name: labelSection(label), text: says }]);
  }

  async function mayAsk(
    policy: EffectivePolicy,
    definition: OverrideDefinition,
    by: Person,
    repository: RepositoryRecord,
    session: FactSession,
  ): Promise<boolean> {
    const place = { owner: repository.owner, author: null };
    const run = (ask: Parameters<typeof mayUse>[0]["ask"]): boolean | undefined =>
      mayUse({ actor: by, context: place, policy, ask }, [grantOf(definition)]);
    const table = await readFacts(session, (known) => asking(known, run).needs);
    const may = asking(table, run).answer;
    if (may !== undefined) return may;
    const trouble = [...table.values()].find((result) => !result.ok);
    throw new GatehouseError(
      trouble?.ok === false && isTransient(trouble.code) ? trouble.code : "unavailable",
      `it cannot be told whether @${by.login} may ask for the override ${definition.name}`,
    );
  }

  /** Records that the request of a label has ended for good: putting the label back is a new act of the person who does so. */
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
          subject: pullRequestKey(repository.id, number),
          actor: null,
          detail: { label, outcome: "void for good", override: definition.name, act: request },
        },
      ],
    );
  }

  /** Whether a deployment waits whose conversation is on the pull request. */
  async function waitsOf(repository: number, number: number): Promise<boolean> {
    for (const { sha } of await waitingIn(deps, repository))
      if ((await pullOfDeployment(store.records, repository, sha)) === number) return true;
    return false;
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
    // The webhook told on which head it was put.
    if (seen !== null && seen.at >= added.at) return seen.sha !== head;
    if (added.overtaken === true) return true;
    const headAt = readHeadTime(await store.records.getValue(headTime(repository, number)));
    // A head without a recorded instant is newer than the recorded one, and perhaps newer than the label.
    return headAt !== null && (headAt.sha !== head || headAt.at > added.at);
  }

  return async ({ lease, payload: { number, label }, repository }) => {
    const { id } = repository;
    const resolved = await policies.of(repository);
    if (resolved.kind !== "effective") return done;
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
    const puttersOn = valueOf(
      lookUp(await session.read([labelsAdded.need()]), labelsAdded.need()),
      "who added the labels was not read",
    );
    const added = place.labels.some((each) => sameLabel(each, label))
      ? puttersOn.find((each) => sameLabel(each.name, label))
      : undefined;
    if (known !== null && (known.addedAt !== added?.at || known.by.id !== added.by?.id)) {
      await makeVoid(repository, number, known, definition);
      await store.records.setValue(valueKey, "");
      await awaitNoReason(store.records, id, number, known.by.id, label);
    }
    if (added === undefined || place.state !== "open") {
      if (known !== null) {
        await store.records.setValue(valueKey, "");
        await awaitNoReason(store.records, id, number, known.by.id, label);
        if (known.state === "awaits reason")
          await summary.update(lease, repository, number, [
            { name: labelSection(label), text: null },
          ]);
      }
      if (added !== undefined && place.state === "merged" && (await waitsOf(id, number)))
        await summary.update(lease, repository, number, [
          { name: labelSection(label), text: labelTooLate(added.name, definition.name) },
        ]);
      return done;
    }
    if (await isFromBefore(id, number, place.headSha, added, known)) {
      if (known !== null) await awaitNoReason(store.records, id, number, known.by.id, label);
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
      !(await mayAsk(resolved.policy, definition, by, repository, session))
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
    // Comments from before we knew of the label were ignored when they arrived; they are looked at now, in their
    // order.
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
        subject: pullRequestKey(id, number),
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
