import type { Act } from "#core/model/act.ts";
import type { AddedLabel } from "#core/facts/labels-added.ts";
import type { Person } from "#core/model/actor.ts";
import type { Override } from "#core/model/override.ts";
import { parseDuration } from "#core/text/duration.ts";
import type { OverrideDefinition } from "#core/policy/schema.ts";
import {
  askedIn,
  cancelledIn,
  confirmedIn,
  takenBackIn,
  voidIn,
  type voidEnds,
} from "./request.ts";
import { ticketIn } from "./reason.ts";

/** Why a request lets nothing through any more. */
export type OverEnd = (typeof voidEnds)[number] | "cancelled" | "used";

/** Where one request for an override stands. Instants are epoch ms. */
export type OverrideState =
  | { readonly kind: "granted"; readonly override: Override }
  /** Still needs `more` people; `outsider`: one of them must have had no hand in the change, and not have asked for the deployment. Lapses at `until`. */
  | {
      readonly kind: "waiting";
      readonly more: number;
      readonly outsider: boolean;
      readonly until: number;
    }
  /** `unproven`: the head that was read may be an older one, so nothing is kept of it. */
  | { readonly kind: "over"; readonly because: OverEnd; readonly unproven?: true };

export interface OverrideRequest {
  readonly act: Act;
  /** null: the policy knows no override of that name any more. */
  readonly definition: OverrideDefinition | null;
  readonly confirmedBy: readonly Person[];
  readonly state: OverrideState;
}

export interface Circumstances {
  readonly definitions: readonly OverrideDefinition[];
  /** Commits it may be bound to: the head, and after the merge the merge commit. */
  readonly shas: readonly string[];
  /** When the head came, by GitHub's clock (epoch ms): what was asked for before that was for another, though it be this commit again. */
  readonly headSince?: number | undefined;
  /** The branch for whose rules it is held now; left out where it is merged or nobody looked. */
  readonly base?: string | undefined;
  /** When the base was changed or rewritten last, by GitHub's clock (epoch ms). */
  readonly baseChangedAt?: number | undefined;
  readonly now: number;
  /** Labels that stand on the pull request; null where nobody looked (they are then taken to stand). */
  readonly labels: readonly string[] | null;
  /** Who put which label on, and when; null: it could not be read, and no label is then anybody's word. Left out where nobody looked. */
  readonly labelsAdded?: readonly AddedLabel[] | null | undefined;
  /** Who asked for the deployment that the request would let through, or ran it again, by id: nobody opens their own alone (threat T52). */
  readonly requestersFor?: (request: Act) => readonly number[];
  /** Whether a request has been used (threat T53). */
  readonly isUsed?: (request: Act) => boolean;
}

/** How long parts of GitHub may still show an older head. */
const readsAgreeWithinMs = 10 * 60_000;

/** Every request for an override among the acts of one pull request (in the order in which they were said), with where it stands now. */
export function overrideRequests(
  acts: readonly Act[],
  around: Circumstances,
): readonly OverrideRequest[] {
  return acts
    .filter((act) => act.kind === "override" && act.at <= around.now)
    .map((act) => requestState(act, acts, around));
}

/** Overrides in force now. */
export function grantedOverrides(requests: readonly OverrideRequest[]): readonly Override[] {
  return requests.flatMap(({ state }) => (state.kind === "granted" ? [state.override] : []));
}

function requestState(act: Act, acts: readonly Act[], around: Circumstances): OverrideRequest {
  const definition = around.definitions.find((each) => each.name === act.name) ?? null;
  const confirms = confirmationsOf(act, acts, around.now);
  const request = { act, definition, confirmedBy: confirms.map((confirm) => confirm.actor) };
  const over = (because: OverEnd): OverrideRequest => ({
    ...request,
    state: { kind: "over", because },
  });
  if (act.sha === null || !around.shas.includes(act.sha))
    return isProvenPush(act, around)
      ? over("pushed")
      : { ...request, state: { kind: "over", because: "pushed", unproven: true } };
  const cancel = cancellationOf(act, acts);
  if (cancel !== undefined) return over(voidIn(cancel) ?? "cancelled");
  const { headSince, baseChangedAt } = around;
  if (headSince !== undefined && saidAt(act) < headSince) return over("pushed");
  if (baseChangedAt !== undefined && saidAt(act) <= baseChangedAt) return over("retargeted");
  if (definition === null) return over("not in the policy");
  const asked = askedIn(act);
  if (typeof asked.base === "string" && around.base !== undefined && asked.base !== around.base)
    return over("retargeted");
  if (
    asked.label !== null &&
    around.labels !== null &&
    !around.labels.some((label) => label.toLowerCase() === asked.label?.toLowerCase())
  )
    return over("label removed");
  if (
    asked.label !== null &&
    around.labelsAdded !== undefined &&
    !isSameLabel(act, around.labelsAdded)
  )
    return over("label removed");
  if (around.isUsed?.(act) === true) return over("used");

  const requesters = around.requestersFor?.(act) ?? [];
  const lasts = parseDuration(definition.lasts) ?? 0;
  const waitsUntil = act.at + lasts;
  const grantedAt = completedAt(
    act,
    confirms.filter((confirm) => confirm.at < waitsUntil),
    definition,
    requesters,
  );
  if (grantedAt === null) {
    if (waitsUntil <= around.now) return over("expired");
    return {
      ...request,
      state: {
        kind: "waiting",
        ...missing(act, confirms, definition, requesters),
        until: waitsUntil,
      },
    };
  }
  if (grantedAt + lasts <= around.now) return over("expired");
  const ticket = asked.ticket ?? ticketIn(act.reason);
  return {
    ...request,
    state: {
      kind: "granted",
      override: {
        id: act.id,
        name: definition.name,
        rules: asked.rules.filter((rule) => definition.rules.includes(rule)),
        sha: act.sha,
        by: act.actor,
        confirmedBy: request.confirmedBy,
        reason: act.reason,
        ...(ticket === null ? {} : { ticket }),
        grantedAt,
        expiresAt: grantedAt + lasts,
      },
    },
  };
}

/** Whether the head that was read is proven to be newer than the request, since reads may lag behind a push. */
const isProvenPush = (act: Act, { headSince, now }: Circumstances): boolean =>
  headSince === undefined ? now - act.at > readsAgreeWithinMs : headSince > saidAt(act);

/** When it was asked for, by GitHub's clock: of a label, when that was put on. */
const saidAt = (act: Act): number =>
  Math.min(askedIn(act).labelAt ?? Infinity, act.said?.at ?? act.at);

/**
 * Whether the label is still the one that was put on: by the same person, at the same time. Somebody may have taken it
 * off and put it back, and that is another act, whose right is another question.
 */
function isSameLabel(act: Act, labels: readonly AddedLabel[] | null): boolean {
  const { label, labelAt } = askedIn(act);
  return (labels ?? []).some(
    ({ name, by, at }) =>
      name.toLowerCase() === label?.toLowerCase() && by?.id === act.actor.id && at === labelAt,
  );
}

/** Confirmations by other people, one a person, oldest first. */
function confirmationsOf(request: Act, acts: readonly Act[], now: number): readonly Act[] {
  const found: Act[] = [];
  for (const act of acts) {
    if (
      act.kind !== "confirm" ||
      confirmedIn(act).override !== request.id ||
      act.sha !== request.sha ||
      act.at > now
    )
      continue;
    if (
      act.actor.id !== request.actor.id &&
      !found.some((other) => other.actor.id === act.actor.id)
    )
      found.push(act);
  }
  return found;
}

/**
 * Taken back by its id, or by somebody who took back what they might, in words that came after it. Whatever its time: the
 * clock that wrote it down may be ahead of this one.
 */
function cancellationOf(request: Act, acts: readonly Act[]): Act | undefined {
  const place = acts.findIndex(({ id }) => id === request.id);
  return acts.find(
    (act, index) =>
      act.kind === "override_cancel" &&
      (cancelledIn(act) === ""
        ? index > place && isTakenBack(act, request)
        : cancelledIn(act) === request.id),
  );
}

/** Whether the request is the person's own, or of an override that they may withdraw. */
function isTakenBack(cancel: Act, request: Act): boolean {
  const { names, own } = takenBackIn(cancel);
  return (
    names.includes(request.name ?? "") ||
    (cancel.actor.id === request.actor.id && own.includes(request.name ?? ""))
  );
}

/** When the last confirmation that it needs was given; null while one is missing. */
function completedAt(
  request: Act,
  confirms: readonly Act[],
  definition: OverrideDefinition,
  requesters: readonly number[],
): number | null {
  for (let count = 0; count <= confirms.length; count += 1) {
    const heard = confirms.slice(0, count);
    const { more } = missing(request, heard, definition, requesters);
    if (more === 0) return heard.at(-1)?.at ?? request.at;
  }
  return null;
}

function missing(
  request: Act,
  confirms: readonly Act[],
  definition: OverrideDefinition,
  requesters: readonly number[],
): { readonly more: number; readonly outsider: boolean } {
  const isBarred = (act: Act, wrote: boolean): boolean =>
    wrote || requesters.includes(act.actor.id);
  const outsider =
    isBarred(request, askedIn(request).wrote) &&
    confirms.every((confirm) => isBarred(confirm, confirmedIn(confirm).wrote));
  const more = Math.max(definition.confirmations - confirms.length, outsider ? 1 : 0, 0);
  return { more, outsider };
}
