import { pullRequestButtons } from "#core/commands/buttons.ts";
import { labelsAdded, type AddedLabel } from "#core/facts/labels-added.ts";
import {
  changedFiles,
  labels,
  pullRequest,
  type PullRequestFact,
} from "#core/facts/pull-request.ts";
import type { Decision, DecisionKind } from "#core/model/decision.ts";
import type { CheckRunAction } from "#core/model/effect.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import { lookUp, type FactResult, type FactTable, type Need } from "#core/model/fact.ts";
import type { MergeGroupSubject, PullRequestSubject, Subject } from "#core/model/subject.ts";
import type { OverrideRequest } from "#core/overrides/grant.ts";
import { evaluate } from "#core/policy/evaluate.ts";
import { policyPaths, policyTestPaths } from "#core/policy/files.ts";
import { wantedFacts } from "#core/policy/plan.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { DecisionInputs } from "#core/record/inputs.ts";
import { renderDecision, type RenderedDecision } from "#core/render/decision.ts";
import { unenforcedWords } from "#core/render/required-check.ts";
import { renderShared, worst } from "#core/render/several.ts";
import type { Deps } from "#flow/deps.ts";
import { readFacts } from "#flow/facts/read-facts.ts";
import { subjectValueOf } from "#flow/facts/value-of.ts";
import { peopleFollowUps } from "#flow/in-force/follow-ups.ts";
import type { JudgedPullRequest } from "#flow/in-force/judged-pull-request.ts";
import { peopleInForce, type PeopleInForce } from "#flow/in-force/people-in-force.ts";
import type { Policies, ResolvedPolicy } from "#flow/policy/policies.ts";
import { readRequiredCheck } from "#flow/policy/required-check-values.ts";
import { asLastRead, basisOf } from "./as-last-read.ts";
import type { JudgedOnce } from "./decision-entry.ts";
import { groupSession } from "./group-session.ts";
import { isBuiltOnTip } from "./queued-groups.ts";
import { withNotice } from "./what-stands.ts";

/** A judgement with everything that publishing it needs. */
export interface Assessment {
  readonly label: string;
  readonly kind: DecisionKind;
  readonly rendered: RenderedDecision;
  /** null: the policy itself is broken, no rule was judged. */
  readonly decision: Decision | null;
  readonly headSha: string;
  readonly baseRef: string;
  readonly pullRequest: PullRequestRow | null;
  /** Pull requests of a merge group; null for anything else. */
  readonly members: readonly number[] | null;
  readonly digest: string;
  /** What the audit log shall say: one answer, or one for each member of a merge group. */
  readonly judged: readonly JudgedOnce[];
  readonly changesAt: number | null;
  readonly ownCheckRuns: ReturnType<FactSession["ownCheckRuns"]>;
  /** Something could not be read for a reason that passes: judge again, not before `at` (epoch ms). */
  readonly retry: { readonly at: number | undefined } | null;
  /**
   * What the answer would be if each thing that cannot be read for a reason that passes were as it was when the answer
   * that stands was given; null: everything was read, or none stands.
   */
  readonly asLastRead: DecisionKind | null;
  readonly editsPolicy: boolean;
  /** Overrides that were asked for on it. */
  readonly requests: readonly OverrideRequest[];
  /** Buttons of the check run. */
  readonly actions: readonly CheckRunAction[];
  /** What has to follow from what people did: labels to look at, reviews that are owed. */
  readonly followUps: readonly WorkItem[];
}

export interface Assessor {
  /** null: no policy governs the repository. Throws `GatehouseError` when the subject itself cannot be read. */
  readonly assess: (subject: Subject, repository: RepositoryRecord) => Promise<Assessment | null>;
  /** By which policy it would be judged now; null: that cannot be told. */
  readonly policyDigest: (repository: RepositoryRecord) => Promise<string | null>;
}

/** Files whose change is a change of policy. */
const policyFiles: readonly string[] = [...policyPaths, ...policyTestPaths];

function rowOf(repository: number, fact: PullRequestFact): PullRequestRow {
  return {
    repository,
    number: fact.number,
    headSha: fact.headSha,
    headRef: fact.headRef,
    baseRef: fact.baseRef,
    ...(fact.directBaseRef === undefined ? {} : { directBaseRef: fact.directBaseRef }),
    state: fact.state === "open" ? "open" : "closed",
  };
}

/** A fact that must be there; an unreadable one ends the evaluation with the reader's own reason. */
const must = <Value>(table: FactTable, need: Need<Value>): Value =>
  subjectValueOf(lookUp(table, need), `${need.describe} was not read`);

/** A merge group is judged on a head of its own; the record says which member the answer is about. */
function headOf(judged: Subject, fact: PullRequestFact): Pick<JudgedOnce, "headSha" | "more"> {
  return judged.kind === "merge_group"
    ? { headSha: judged.headSha, more: { member: fact.number, memberHead: fact.headSha } }
    : { headSha: fact.headSha };
}

function passingTrouble(table: FactTable): Assessment["retry"] {
  const troubles = [...table.values()].filter(
    (result): result is Extract<FactResult<unknown>, { ok: false }> =>
      !result.ok && isTransient(result.code),
  );
  if (troubles.length === 0) return null;
  const times = troubles
    .map((trouble) => trouble.retryAt)
    .filter((at): at is number => at !== undefined);
  return { at: times.length === 0 ? undefined : Math.max(...times) };
}

const isRead = (table: FactTable): boolean => lookUp(table, pullRequest.need())?.ok === true;

/** null: they cannot be read. */
function labelsIn(table: FactTable): readonly string[] | null {
  const result = lookUp(table, labels.need());
  return result?.ok === true ? result.value.map(({ name }) => name) : null;
}

/** Its pull requests; where GitHub cannot tell them (any more), those that are known of it, and what is in the way. */
async function membersOf(
  deps: Deps,
  { headRef, headSha }: MergeGroupSubject,
  repository: RepositoryRecord,
): Promise<{ readonly numbers: readonly number[]; readonly untold: GatehouseError | null }> {
  try {
    const numbers = await deps.github.mergeGroupMembers(repository, headRef, headSha);
    if (numbers.length > 0) return { numbers, untold: null };
    throw new GatehouseError(
      "unavailable",
      "the pull requests of the merge group cannot be told yet",
    );
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code === "gone" || error.code === "stale")
      throw error;
    const numbers = (await deps.store.mergeGroups.byHead(repository.id, headSha))?.members ?? null;
    if (numbers === null || numbers.length === 0) throw error;
    return { numbers, untold: error };
  }
}

/** Judges subjects: policy, facts, evaluation, words. Writes nothing. */
export function createAssessor(deps: Deps, policies: Policies): Assessor {
  const { clock } = deps;

  function readAll(
    session: Pick<FactSession, "read">,
    resolved: ResolvedPolicy,
    subject: Subject,
    now: number,
  ): Promise<FactTable> {
    return readFacts(session, (known) => [
      pullRequest.need(),
      changedFiles.need(),
      labels.need(),
      ...(resolved.kind === "effective" ? wantedFacts(resolved.policy, subject, known, now) : []),
    ]);
  }

  function answer(
    resolved: Exclude<ResolvedPolicy, { kind: "ungoverned" }>,
    judged: Subject,
    table: FactTable,
    now: number,
    label: string,
    people: PeopleInForce | null,
    unenforced: string | null,
  ): Pick<Assessment, "kind" | "rendered" | "decision" | "changesAt"> & {
    readonly inputs: DecisionInputs;
  } {
    const inputs: DecisionInputs = {
      policy: resolved.files,
      // The one its facts were planned for: a member of a group is judged as the group asks.
      subject: judged,
      facts: table,
      now,
      holds: people?.holds ?? [],
      overrides: people?.overrides ?? [],
      end: null,
    };
    if (resolved.kind === "broken")
      return { kind: "deny", rendered: resolved.rendered, decision: null, changesAt: null, inputs };
    const decision = evaluate({ ...inputs, policy: resolved.policy });
    return {
      inputs,
      kind: decision.kind,
      rendered: renderDecision(decision, {
        notice: resolved.notice,
        policy: resolved.label,
        subject: label,
        unenforced: unenforced ?? undefined,
      }),
      decision,
      changesAt: decision.changesAt ?? null,
    };
  }

  /** Judges one pull request, by itself or as a member of `judged`; `session` may answer some facts from elsewhere (a merge group's own checks). */
  async function assessPullRequest(
    subject: PullRequestSubject,
    repository: RepositoryRecord,
    session: FactSession,
    judged: Subject,
  ): Promise<Assessment | null> {
    const now = clock.now();
    let resolved = await policies.of(repository);
    if (resolved.kind === "ungoverned") return null;
    let table = await readAll(session, resolved, judged, now);
    // What was seen of the policy on the way costs nothing: a push that no webhook told is noticed here.
    if (await policies.reviewHints(repository, session.policyHints())) {
      resolved = await policies.of(repository);
      if (resolved.kind === "ungoverned") return null;
      table = await readAll(session, resolved, judged, now);
    }
    const before =
      passingTrouble(table) === null ? null : await basisOf(deps.store, judged, resolved.digest);
    const last =
      before === null
        ? null
        : await readAll(
            asLastRead(
              deps.store,
              session,
              before,
              judged.kind === "merge_group" ? subject.number : null,
            ),
            resolved,
            judged,
            now,
          );
    const fact = last === null ? must(table, pullRequest.need()) : must(last, pullRequest.need());
    const stored = isRead(table)
      ? null
      : await deps.store.records.pullRequest(repository.id, fact.number);
    // It is not read, and we know of another head, or of its end: what stands is about something else.
    if (stored !== null && (stored.state === "closed" || stored.headSha !== fact.headSha))
      must(table, pullRequest.need());
    const label = `#${fact.number}`;
    const files = lookUp(table, changedFiles.need());
    const paths =
      files?.ok === true ? files.value.flatMap((file) => [file.path, file.previousPath]) : [];
    const about: JudgedPullRequest = {
      repository: repository.id,
      number: fact.number,
      headSha: fact.headSha,
      labels: labelsIn(table),
      now,
    };
    const readLabels = async (): Promise<readonly AddedLabel[] | null> => {
      const read = lookUp(await session.read([labelsAdded.need()]), labelsAdded.need());
      return read?.ok === true ? read.value : null;
    };
    const people =
      resolved.kind === "effective"
        ? await peopleInForce(deps, resolved.policy, about, readLabels)
        : null;
    const peopleBefore =
      resolved.kind === "effective" && last !== null
        ? await peopleInForce(
            deps,
            resolved.policy,
            { ...about, labels: labelsIn(last) },
            readLabels,
          )
        : null;
    const required = await readRequiredCheck(deps.store.records, repository.id, fact.baseRef);
    const answerOf = (facts: FactTable, said: PeopleInForce | null) =>
      answer(
        resolved,
        judged,
        facts,
        now,
        `${label} at ${fact.headSha.slice(0, 7)} onto ${fact.baseRef}`,
        said,
        required === null ? null : unenforcedWords(required, fact.baseRef),
      );
    const { inputs, ...answered } = answerOf(table, people);
    const headOfBasis = judged.kind === "merge_group" ? judged.headSha : fact.headSha;
    const isOpen = fact.state === "open";
    return {
      label,
      ...answered,
      headSha: fact.headSha,
      baseRef: fact.baseRef,
      pullRequest: stored ?? rowOf(repository.id, fact),
      members: null,
      digest: resolved.digest,
      judged: [
        {
          subject: judged,
          answer: answered.kind,
          title: answered.rendered.title,
          decision: answered.decision,
          ...headOf(judged, fact),
          baseSha: fact.baseSha,
          policy: resolved.digest,
          blobs: resolved.blobs,
          inputs,
        },
      ],
      ownCheckRuns: session.ownCheckRuns(),
      retry: passingTrouble(table),
      asLastRead:
        last === null || before?.head !== headOfBasis ? null : answerOf(last, peopleBefore).kind,
      editsPolicy: policyFiles.some((path) => paths.includes(path)),
      requests: people?.requests ?? [],
      actions:
        people === null
          ? []
          : pullRequestButtons({
              acts: people.acts,
              isHeld: people.holds.some((hold) => hold.label === undefined),
              waitsForConfirmation: people.requests.some(({ state }) => state.kind === "waiting"),
            }),
      followUps:
        people === null || !isOpen || resolved.kind !== "effective"
          ? []
          : await peopleFollowUps(
              deps,
              resolved.policy,
              repository,
              about,
              people,
              answered.decision,
            ),
    };
  }

  /** A merge group is judged for real: each member under the policy, with the checks, reports and scans of the group's own commit. */
  async function assessMergeGroup(
    subject: MergeGroupSubject,
    repository: RepositoryRecord,
  ): Promise<Assessment | null> {
    const resolved = await policies.of(repository);
    if (resolved.kind === "ungoverned") return null;
    const { numbers, untold } = await membersOf(deps, subject, repository);
    const group = deps.facts.open(subject, repository);
    const members: Assessment[] = [];
    for (const number of numbers) {
      const member: PullRequestSubject = {
        kind: "pull_request",
        repository: repository.id,
        number,
      };
      const own = deps.facts.open(member, repository);
      const assessed = await assessPullRequest(
        member,
        repository,
        groupSession(own, group),
        subject,
      );
      if (assessed !== null) members.push(assessed);
    }
    const shared = renderShared(members);
    if (shared === undefined) return null;
    const wakes = members
      .map((member) => member.changesAt)
      .filter((at): at is number => at !== null);
    const worstMember = members.find((member) => member.kind === shared.kind) ?? members[0];
    const worstBefore = worst(
      members.map((member) => ({ ...member, kind: member.asLastRead ?? member.kind })),
    );
    // Whatever its members are found to be: nobody knows whether they are all.
    const waits = untold !== null && shared.kind === "allow";
    const decision = worstMember?.decision ?? null;
    return {
      label: subject.headRef,
      kind: waits ? "wait" : shared.kind,
      rendered: waits
        ? withNotice(
            shared.rendered,
            "Waiting for GitHub: cannot tell the merge group's pull requests",
            `${untold.message}. Gatehouse tries again by itself.`,
          )
        : shared.rendered,
      decision: waits && decision !== null ? { ...decision, kind: "wait" } : decision,
      headSha: subject.headSha,
      baseRef: subject.baseRef,
      pullRequest: null,
      members: numbers,
      digest: resolved.digest,
      judged: members.flatMap((member) => member.judged),
      changesAt: wakes.length === 0 ? null : Math.min(...wakes),
      ownCheckRuns: group.ownCheckRuns(),
      retry:
        members.find((member) => member.retry !== null)?.retry ??
        (untold === null ? null : { at: untold.retryAt }),
      asLastRead:
        untold !== null &&
        !isBuiltOnTip(subject, await deps.store.mergeGroups.of(repository.id), untold)
          ? null
          : (worstBefore?.kind ?? null),
      editsPolicy: false,
      requests: members.flatMap((member) => member.requests),
      actions: [],
      followUps: [],
    };
  }

  return {
    policyDigest: async (repository) => {
      try {
        const resolved = await policies.of(repository);
        return resolved.kind === "ungoverned" ? null : resolved.digest;
      } catch (error) {
        if (error instanceof GatehouseError) return null;
        throw error;
      }
    },
    assess: async (subject, repository) => {
      switch (subject.kind) {
        case "pull_request":
          return assessPullRequest(
            subject,
            repository,
            deps.facts.open(subject, repository),
            subject,
          );
        case "merge_group":
          return assessMergeGroup(subject, repository);
        case "deployment":
          return null;
      }
    },
  };
}
