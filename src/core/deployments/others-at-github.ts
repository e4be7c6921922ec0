/** What GitHub's own protection rules of an environment still wait for in one run, ours left out. Instants are epoch ms. */
export interface OthersAtGitHub {
  /** People have to approve at GitHub, and nobody did in any attempt of the run. */
  readonly reviewers: boolean;
  /** When the wait timer ends; null: there is none, or it has not begun. */
  readonly timerEndsAt: number | null;
}

/** An allowance that is not said yet. `at`: when it is looked at again without an event; null: at the reviewers' word. */
export interface NotYet {
  readonly kind: "not_yet";
  readonly waitsFor: "reviewers" | "timer" | "news";
  readonly at: number | null;
}

export type LastWord =
  | { readonly kind: "now" }
  /** GitHub does not tell what the deployment waits for besides: it may start later than it was allowed. */
  | { readonly kind: "blind" }
  | NotYet;

/** So long after it was asked a deployment waits for the news that GitHub asks its reviewers, ms. */
export const newsMs = 60_000;

/**
 * Whether our yes is said now. It cannot be taken back, so it is said last: a job that still waits for reviewers or a
 * timer would start later, on what may not be true any more. Reviewers are waited for only where GitHub said that it
 * asks them (`askedReviewers`), and a timer only where it runs: neither can then be waiting for us. Other Apps' rules are
 * not waited for, for they may wait for ours. `others` null: GitHub does not tell.
 */
export function lastWord(
  others: OthersAtGitHub | null,
  askedReviewers: boolean,
  gateRequestedAt: number,
  now: number,
): LastWord {
  if (others === null) return { kind: "blind" };
  const timer = others.timerEndsAt !== null && others.timerEndsAt > now ? others.timerEndsAt : null;
  if (others.reviewers && askedReviewers)
    return { kind: "not_yet", waitsFor: "reviewers", at: null };
  if (others.reviewers && now < gateRequestedAt + newsMs)
    return { kind: "not_yet", waitsFor: "news", at: gateRequestedAt + newsMs };
  if (timer !== null) return { kind: "not_yet", waitsFor: "timer", at: timer };
  return { kind: others.reviewers ? "blind" : "now" };
}

/** Under which key it is kept that GitHub asks its reviewers about the environment in the run. */
export const reviewersAskedKey = (repository: number, runId: number, environment: string): string =>
  `reviewers-asked:${repository}:${runId}:${environment.toLowerCase()}`;
