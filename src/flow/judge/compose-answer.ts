import type { DecisionKind } from "#core/model/decision.ts";
import { GatehouseError } from "#core/model/errors.ts";
import { subjectKey, type Subject } from "#core/model/subject.ts";
import type { StopsHeard } from "#core/model/terms.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { DecisionRecord } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { RenderedDecision } from "#core/render/decision.ts";
import { renderShared, type SharedAnswer } from "#core/render/several.ts";
import type { Deps } from "#flow/deps.ts";
import { haveEnded } from "#flow/publish/terms.ts";
import { noteBasis } from "./as-last-read.ts";
import type { Assessment } from "./assessment.ts";
import { checkName } from "./check-name.ts";
import type { Published } from "#flow/publish/publish.ts";
import { prepareCheckRun, type CheckRunWanted } from "./check-run.ts";
import { companionsOf, type Companions } from "./companions.ts";
import { decisionEntry } from "./decision-entry.ts";

/**
 * Two processes that judge pull requests on one commit can force each other to compose again; more rounds than this
 * do not occur in practice.
 */
const compositionsAtMost = 10;

/** The check run that one judged subject asks for on its commit. */
export interface Answer {
  readonly kind: DecisionKind;
  readonly rendered: RenderedDecision;
}

export interface Concluded {
  readonly outcome: Published | "unchanged";
  readonly answer: Answer;
}

/** What must still hold when a green leaves: the head, base and stack that were judged. */
const guardOf = ({ pullRequest, headSha }: Assessment): CheckRunWanted["guard"] =>
  pullRequest === null
    ? null
    : {
        pullRequest: pullRequest.number,
        headSha,
        baseRef: pullRequest.baseRef,
        directBaseRef: pullRequest.directBaseRef,
      };

/** Records a decision with its check run in one transaction, then performs it; null: another subject on the commit was decided, or something was said, meanwhile. */
async function conclude(
  deps: Deps,
  lease: Lease,
  subject: Subject,
  repository: RepositoryRecord,
  assessed: Assessment,
  heard: StopsHeard,
  { answers: shared, premises, changesAt }: Companions,
): Promise<Concluded | null> {
  const { store, clock } = deps;
  const now = clock.now();
  const own: SharedAnswer = {
    label: assessed.label,
    kind: assessed.kind,
    rendered: assessed.rendered,
  };
  const answer = renderShared([own, ...shared]) ?? own;
  const ends = [...changesAt, ...(assessed.changesAt === null ? [] : [assessed.changesAt])];
  const terms = { until: ends.length === 0 ? null : Math.min(...ends), heard };
  if (answer.kind === "allow" && (await haveEnded(deps, terms)))
    return { outcome: "outdated", answer };
  const { effect, hash, send } = await prepareCheckRun(deps, {
    subject,
    repository,
    sha: assessed.headSha,
    name: checkName,
    kind: answer.kind,
    rendered: answer.rendered,
    actions: shared.length === 0 ? assessed.actions : [],
    guard: guardOf(assessed),
    terms,
    own: assessed.ownCheckRuns,
  });
  const before = await store.outbox.row(effect.key);
  const unchanged = before?.sentHash === hash && !before.maybeSent;
  const record: Omit<DecisionRecord, "number"> | null =
    assessed.decision === null
      ? null
      : {
          subjectKey: subjectKey(subject),
          headSha: assessed.headSha,
          baseRef: assessed.baseRef,
          policyDigest: assessed.digest,
          decision: assessed.decision,
          at: now,
        };
  const last = record === null ? null : await store.records.lastDecision(record.subjectKey);
  const sameDecision =
    last !== null &&
    unchanged &&
    last.headSha === assessed.headSha &&
    last.policyDigest === assessed.digest &&
    last.baseRef === assessed.baseRef &&
    last.decision.kind === assessed.kind &&
    (await store.views.isListed(last.subjectKey));
  const entries = sameDecision ? [] : assessed.judged.map((judged) => decisionEntry(judged, now));
  const recorded = await store.ledger.record({
    lease,
    decision: sameDecision ? null : record,
    effects: [{ effect, hash }],
    audit: entries.map(({ entry }) => entry),
    kept: entries.flatMap(({ kept }) => kept),
    premises: answer.kind === "allow" ? [...premises, { kind: "stops", ...heard }] : premises,
  });
  if (recorded === "outdated") return null;
  if (entries.length > 0 && assessed.kind !== "wait")
    await noteBasis(store, subject, {
      head: assessed.headSha,
      policy: assessed.digest,
      judged: entries.map(({ entry, digests }) => ({
        number: typeof entry.detail.member === "number" ? entry.detail.member : null,
        facts: { ...digests?.facts },
      })),
    });
  if (unchanged) return { outcome: "unchanged", answer };
  return { outcome: await send(lease), answer };
}

/** Composes what the commit shall show from its own answer and the others', and concludes, until nobody came in between. */
export async function composeAnswer(
  deps: Deps,
  lease: Lease,
  subject: Subject,
  repository: RepositoryRecord,
  assessed: Assessment,
  heard: StopsHeard,
): Promise<Concluded> {
  const row = assessed.pullRequest;
  for (let round = 0; round < compositionsAtMost; round++) {
    const concluded = await conclude(
      deps,
      lease,
      subject,
      repository,
      assessed,
      heard,
      row === null
        ? { answers: [], premises: [], changesAt: [] }
        : await companionsOf(deps, repository, row),
    );
    if (concluded !== null) return concluded;
  }
  throw new GatehouseError(
    "unavailable",
    "the other pull requests on this commit are being decided all the time",
  );
}
