import type { DecisionKind } from "#core/model/decision.ts";
import { type CheckRunAction, type Effect, checkRunKey } from "#core/model/effect.ts";
import { subjectKey, type Subject } from "#core/model/subject.ts";
import type { Terms } from "#core/model/terms.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { checkRunContent } from "#core/render/check-run.ts";
import type { RenderedDecision } from "#core/render/decision.ts";
import type { Deps } from "#flow/deps.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { publish, type Published } from "#flow/publish/publish.ts";
import { noteWaiting, renewalOf } from "./renewal.ts";

type CheckRun = Extract<Effect, { readonly kind: "check_run" }>;

export interface CheckRunWanted {
  readonly subject: Subject;
  readonly repository: RepositoryRecord;
  readonly sha: string;
  readonly name: string;
  readonly kind: DecisionKind;
  readonly rendered: RenderedDecision;
  readonly actions: readonly CheckRunAction[];
  readonly guard: CheckRun["guard"];
  /** Under what a green may leave; left out where it only tells of an answer that was given. */
  readonly terms?: Terms | undefined;
  /** Our check runs that were seen on the commit; null: nobody looked. */
  readonly own: ReturnType<FactSession["ownCheckRuns"]>;
}

/** A check run to record with its decision, and to send afterwards. */
export interface PreparedCheckRun {
  readonly effect: CheckRun;
  readonly hash: string;
  readonly send: (lease: Lease) => Promise<Published>;
}

/** Composes the check run of an answer; a wait is renewed before GitHub calls it stale. */
export async function prepareCheckRun(
  deps: Deps,
  { subject, repository, sha, name, kind, rendered, actions, guard, terms, own }: CheckRunWanted,
): Promise<PreparedCheckRun> {
  const { records } = deps.store;
  const now = deps.clock.now();
  const key = checkRunKey(repository.id, sha, name);
  const plain = checkRunContent(kind, rendered, "", actions);
  const renewal = kind === "wait" ? await renewalOf(records, key, now) : { round: 0, fresh: false };
  const hash = `${contentHash(plain)}:${renewal.round}`;
  const found = renewal.fresh ? null : (own?.find((run) => run.name === name)?.id ?? null);
  const externalId = `${subjectKey(subject)}:${sha.slice(0, 12)}:${hash.slice(0, 12)}`;
  return {
    effect: {
      kind: "check_run",
      key,
      repository: repository.id,
      sha,
      name,
      content: { ...plain, externalId },
      guard,
      ...(kind === "allow" && terms !== undefined ? { terms } : {}),
    },
    hash,
    send: async (lease) => {
      const outcome = await publish(deps, lease, key, repository, {
        found,
        fresh: renewal.fresh,
        isUnseen: own === null,
      });
      if (outcome === "sent" && kind === "wait") await noteWaiting(records, key, renewal, now);
      return outcome;
    },
  };
}
