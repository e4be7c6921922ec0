import type { Act } from "#core/model/act.ts";

/** What an act of kind `override` keeps in its `detail`. Durations in ms. */
export interface OverrideAsked {
  /** Names of the rules it shall let through: all of the override's, or the one that was named. */
  readonly rules: readonly string[];
  readonly ticket: string | null;
  /** The label that asks for it; it must still stand. null: asked by a command. */
  readonly label: string | null;
  /** When that label was put on, by GitHub's clock (epoch ms). */
  readonly labelAt?: number | null | undefined;
  /** The branch for whose rules it was held then: it counts for no other. Left out of what was kept before that was. */
  readonly base?: string | null | undefined;
  /** Whether who asked had a hand in the change (four eyes, threat T52). */
  readonly wrote: boolean;
  /** The one deployment that waited when it was asked for: it lets nothing else through. null: none waited. */
  readonly deployment?: WaitingDeployment | null;
}

export interface WaitingDeployment {
  readonly id: number;
  readonly environment: string;
}

function waitingIn(detail: Readonly<Record<string, unknown>>): WaitingDeployment | null {
  const said = detail["deployment"];
  return isRecord(said) && typeof said["id"] === "number" && typeof said["environment"] === "string"
    ? { id: said["id"], environment: said["environment"] }
    : null;
}

/** What an act of kind `confirm` keeps: which request it confirms. */
export interface OverrideConfirmed {
  readonly override: string;
  readonly wrote: boolean;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];

/** Reads what was kept. What cannot be read is taken as the stricter: no rule, and a hand in the change. */
export function askedIn(act: Act): OverrideAsked {
  const detail: unknown = act.detail;
  if (!isRecord(detail)) return { rules: [], ticket: null, label: null, wrote: true };
  return {
    rules: texts(detail["rules"]),
    ticket: typeof detail["ticket"] === "string" ? detail["ticket"] : null,
    label: typeof detail["label"] === "string" ? detail["label"] : null,
    labelAt: typeof detail["labelAt"] === "number" ? detail["labelAt"] : null,
    base: typeof detail["base"] === "string" ? detail["base"] : null,
    wrote: detail["wrote"] !== false,
    deployment: waitingIn(detail),
  };
}

export function confirmedIn(act: Act): OverrideConfirmed {
  return {
    override: typeof act.detail["override"] === "string" ? act.detail["override"] : "",
    wrote: act.detail["wrote"] !== false,
  };
}

/** Ends that no person caused. One that was seen is recorded, because a void request stays void. */
export const voidEnds = [
  "pushed",
  "retargeted",
  "expired",
  "label removed",
  "not in the policy",
] as const;

/** Whether the judging job records this end; the end of a label is recorded by the job that looks at labels. */
export const isKeptByJudging = (end: string): boolean =>
  end !== "label removed" && voidEnds.some((each) => each === end);

/** The end that an `override_cancel` keeps; undefined: somebody took it back. */
export const voidIn = (act: Act): (typeof voidEnds)[number] | undefined =>
  voidEnds.find((end) => end === act.detail["because"]);

/** The request that an `override_cancel` takes back; empty: what was said before it and heard of after it, as `takenBackIn` tells. */
export const cancelledIn = (act: Act): string =>
  typeof act.detail["override"] === "string" ? act.detail["override"] : "";

/**
 * Overrides whose requests an `override_cancel` takes back, though nobody had heard of them: everybody's where the person
 * had the right to the override (`names`), and the person's own.
 */
export function takenBackIn(act: Act): {
  readonly names: readonly string[];
  readonly own: readonly string[];
} {
  const named = act.name === null ? [] : [act.name];
  return { names: [...named, ...texts(act.detail["names"])], own: texts(act.detail["own"]) };
}
