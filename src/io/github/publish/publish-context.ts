import type { Effect, EffectKind } from "#core/model/effect.ts";
import type { KnownEffect, PerformedEffect } from "#core/ports/publisher.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";

export type EffectOf<K extends EffectKind> = Extract<Effect, { kind: K }>;

/** Performs one kind of effect. Idempotent: an effect that is already there is found and taken over. */
export type Perform<K extends EffectKind> = (
  github: GitHub,
  effect: EffectOf<K>,
  repository: RepositoryRecord,
  known: KnownEffect,
) => Promise<PerformedEffect>;

/** Whether a try that was cut off is seen to have taken effect. */
export type HasLanded<K extends EffectKind> = (
  github: GitHub,
  effect: EffectOf<K>,
  repository: RepositoryRecord,
  cutOff: { readonly remoteId: number | null; readonly hash: string },
) => Promise<boolean>;
