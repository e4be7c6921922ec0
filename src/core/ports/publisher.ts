import type { Effect } from "#core/model/effect.ts";
import type { RepositoryRecord } from "./repository.ts";

/** Performs one effect. Idempotent: `known` is what earlier tries left behind. */
export interface Publisher {
  readonly perform: (
    effect: Effect,
    repository: RepositoryRecord,
    known: KnownEffect,
  ) => Promise<PerformedEffect>;
  /** Whether a try on this target, of the content `hash`, that was cut off is seen to have taken effect; true also where it does not matter. */
  readonly hasLanded: (
    effect: Effect,
    repository: RepositoryRecord,
    cutOff: { readonly remoteId: number | null; readonly hash: string },
  ) => Promise<boolean>;
}

export interface KnownEffect {
  /** GitHub's id of the check run, comment or issue that an earlier effect on this target made. */
  readonly remoteId: number | null;
  /** An earlier try may have reached GitHub without being recorded: look before making another. */
  readonly maybeSent: boolean;
  /** It is unknown whether GitHub has one that our records do not: it is looked for where GitHub allows that. */
  readonly isUnseen?: boolean | undefined;
  /** How many annotations an earlier, interrupted try of this very content had appended. */
  readonly annotationsSent: number;
  /** Called directly before an approval is sent, after every wait for limits; throws if it must not be sent any more. */
  readonly mayLeave?: (() => Promise<void>) | undefined;
}

export interface PerformedEffect {
  readonly remoteId: number | null;
  /** It was there already and was left as it is: what became of it since is to be looked at. */
  readonly isAdopted?: boolean | undefined;
}
