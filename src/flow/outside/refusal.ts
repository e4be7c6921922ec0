import type { Disagreement } from "#core/outside/claims.ts";

/** Why a known caller gets no answer, and what the operator of the deployer does about it. */
export type GateRefusal =
  | { readonly kind: "unauthorized" }
  | { readonly kind: "forbidden"; readonly message: string; readonly next: string }
  | { readonly kind: "not_governed" }
  | {
      readonly kind: "invalid";
      readonly problems: readonly { readonly field: string; readonly message: string }[];
    }
  /** `seconds`: when to ask again. */
  | { readonly kind: "too_many"; readonly seconds: number; readonly next: string }
  | { readonly kind: "unavailable"; readonly seconds: number };

/** What a caller may not ask. */
export interface NotAllowed {
  readonly message: string;
  readonly next: string;
}

const ofJobs: Readonly<Record<Disagreement["claim"], string>> = {
  repository: "Ask about the repository whose workflow runs the job.",
  sha: "Ask about the commit that the job runs (github.sha), or let a run of the other commit ask.",
  ref: "Leave ref out, or ask about the ref that the job runs (github.ref).",
  environment: "Give the job the environment that it deploys to, and ask about that one.",
};

export const jobMayNot = ({ claim, message }: Disagreement): NotAllowed => ({
  message,
  next: ofJobs[claim],
});

export const tokenMayNot = (message: string, option: string): NotAllowed => ({
  message,
  next: `Ask with a token for it; the operator of Gatehouse makes one: gatehouse token create ${option}.`,
});

export const anotherRepository = (repository: string, isOfJob: boolean): NotAllowed => ({
  message: `${repository} is another repository than the one that the token is of`,
  next: isOfJob
    ? "Ask from a job of the repository that bears the name now."
    : "The operator of Gatehouse revokes the token, and makes one for the repository that bears the name now: gatehouse token create.",
});

export const tooOften = (seconds: number): GateRefusal => ({
  kind: "too_many",
  seconds,
  next: "Let the gate hold the answer (?wait=60) instead of asking often.",
});

export const tooManyHeld = (seconds: number): GateRefusal => ({
  kind: "too_many",
  seconds,
  next: "So many callers wait already; ask with a shorter wait, or with fewer callers at once.",
});
