import { pullRequestButtons } from "#core/commands/buttons.ts";
import { labelsAdded, type AddedLabel } from "#core/facts/labels-added.ts";
import {
  changedFiles,
  labels,
  pullRequest,
  type PullRequestFact,
} from "#core/facts/pull-request.ts";
import { lookUp, type FactTable, type Need } from "#core/model/fact.ts";
import type { PullRequestSubject, Subject } from "#core/model/subject.ts";
import { evaluate } from "#core/policy/evaluate.ts";
import { policyPaths, policyTestPaths } from "#core/policy/files.ts";
import { type AskedBefore, askedBefore } from "#core/policy/asked-before.ts";
import { wantedFacts } from "#core/policy/plan.ts";
import { policyZone } from "#core/policy/policy-zone.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { DecisionInputs } from "#core/record/inputs.ts";
import { renderDecision, type RenderContext } from "#core/render/decision.ts";
import { unenforcedWords } from "#core/render/required-check.ts";
import type { Deps } from "#flow/deps.ts";
import { passingTrouble } from "#flow/facts/passing-trouble.ts";
import { readFacts } from "#flow/facts/read-facts.ts";
import { subjectValueOf } from "#flow/facts/value-of.ts";
import { peopleFollowUps } from "#flow/in-force/follow-ups.ts";
import type { JudgedPullRequest } from "#flow/in-force/judged-pull-request.ts";
import { peopleInForce, type PeopleInForce } from "#flow/in-force/people-in-force.ts";
import { createDecisionLinks } from "#flow/policy/decision-links.ts";
import type { Policies, ResolvedPolicy } from "#flow/policy/policies.ts";
import { readRequiredCheck } from "#flow/policy/required-check-values.ts";
import { asLastRead, basisOf } from "./as-last-read.ts";
import type { Assessment } from "./assessment.ts";
import type { JudgedOnce } from "./decision-entry.ts";

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

const isRead = (table: FactTable): boolean => lookUp(table, pullRequest.need())?.ok === true;

/** null: they cannot be read. */
function labelsIn(table: FactTable): readonly string[] | null {
  const result = lookUp(table, labels.need());
  return result?.ok === true ? result.value.map(({ name }) => name) : null;
}

export type PullRequestAssessor = ReturnType<typeof createPullRequestAssessor>;

/** Judges pull requests: policy, facts, evaluation, phrases. Writes nothing. */
export function createPullRequestAssessor(deps: Deps, policies: Policies) {
  const { clock } = deps;
  const linksOf = createDecisionLinks(deps);

  function readAll(
    session: Pick<FactSession, "read">,
    resolved: ResolvedPolicy,
    subject: Subject,
    now: number,
    asked: AskedBefore,
  ): Promise<FactTable> {
    return readFacts(session, (known) => [
      pullRequest.need(),
      changedFiles.need(),
      labels.need(),
      ...(resolved.kind === "effective"
        ? wantedFacts(resolved.policy, subject, known, now, asked)
        : []),
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
    shown: Pick<RenderContext, "links" | "sha">,
    asked: AskedBefore,
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
    const decision = evaluate({ ...inputs, policy: resolved.policy, before: asked });
    return {
      inputs,
      kind: decision.kind,
      rendered: renderDecision(decision, {
        notice: resolved.notice,
        policy: resolved.label,
        subject: label,
        unenforced: unenforced ?? undefined,
        zone: policyZone(resolved.policy),
        ...shown,
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
    const asked = askedBefore();
    let resolved = await policies.of(repository);
    if (resolved.kind === "ungoverned") return null;
    let table = await readAll(session, resolved, judged, now, asked);
    // What was seen of the policy on the way costs nothing: a push that no webhook told is noticed here.
    if (await policies.reviewHints(repository, session.policyHints())) {
      resolved = await policies.of(repository);
      if (resolved.kind === "ungoverned") return null;
      table = await readAll(session, resolved, judged, now, asked);
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
            asked,
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
      baseRef: fact.baseRef,
      baseChangedAt: fact.baseChangedAt,
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
    const links = await linksOf(repository, resolved.files);
    const answerOf = (facts: FactTable, said: PeopleInForce | null) =>
      answer(
        resolved,
        judged,
        facts,
        now,
        `${label} at ${fact.headSha.slice(0, 7)} onto ${fact.baseRef}`,
        said,
        required === null ? null : unenforcedWords(required, fact.baseRef),
        { links, sha: fact.headSha },
        asked,
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

  return assessPullRequest;
}
