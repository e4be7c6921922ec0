import type { Person } from "./actor.ts";
import type { DecisionKind } from "./decision.ts";

export const deploymentStates = [
  "waiting",
  "queued",
  "pending",
  "in_progress",
  "success",
  "failure",
  "error",
  "inactive",
] as const;
export type DeploymentState = (typeof deploymentStates)[number];

/** What the gate said of a question when it was judged last. */
export interface JudgedQuestion {
  /** Which ask it answers: `asked`, before any fact was read. */
  readonly ask: number;
  /** When it was judged, and when that was on record (epoch ms). */
  readonly at: number;
  readonly recordedAt: number;
  readonly answer: DecisionKind;
  readonly title: string;
  /** Whether rules were judged; not where no policy could be used, or GitHub did not answer. */
  readonly ruled: boolean;
  /** When it may change by itself (epoch ms). */
  readonly changesAt: number | null;
  /** Stands for all that was shown, so that nothing is recorded twice. */
  readonly shown: string;
  /** How much people had said that stops, before any fact was read. */
  readonly stops?: number | undefined;
  /** Overrides that a yes stands on, by the ids of their acts; they are used up when the yes is given to a caller. */
  readonly takes?: readonly string[] | undefined;
}

/**
 * A deployer outside Actions' environments asks over the API. Its row is a question and no deployment: it proves
 * nothing, and what became of it GitHub does not tell.
 */
export interface OutsideQuestion {
  /** Who asked last, for people: the run of a workflow, or a token by its name. */
  readonly caller: string;
  /** Tells this caller from all others; undefined where the question was asked before this was kept. */
  readonly callerKey?: string | undefined;
  /** The artifact that is to go out, as the caller names it. */
  readonly digest: string | null;
  /** How often it was asked, and when last (epoch ms). */
  readonly asked: number;
  readonly askedAt: number;
  /** null: not yet. */
  readonly judged: JudgedQuestion | null;
  /** Until when the yes that was given may be acted upon (epoch ms). */
  readonly validUntil: number | null;
  /** When the no was given first that is given still (epoch ms); undefined: the last answer was none. */
  readonly refusedAt?: number | undefined;
  /** The deployment that GitHub was told of and that went out on the yes, once it is known. */
  readonly usedBy?: number | undefined;
}

/** Who said what of a deployment's end (epoch ms, the latest). Its deployer is who made it, an App, or for a job its run. */
export interface ToldOf {
  /** A success that somebody else said: it proves nothing. */
  readonly claimedAt?: number;
  /** A failure that somebody else said: it counts, and yet the deployment may go on. */
  readonly blamedAt?: number;
  /** An end that the deployer said. */
  readonly endedAt?: number;
}

/** One deployment as Gatehouse remembers it: the base of promotion, rollback and the metrics. Instants are epoch ms. */
export interface DeploymentRow {
  readonly repository: number;
  readonly deploymentId: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly runId: number | null;
  readonly actor: Person | null;
  readonly createdAt: number;
  /** The newest state GitHub reported; `inactive` follows a success that a later deployment replaced. */
  readonly state: DeploymentState;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Whether it ever reached `success`, and when: an inactive deployment still was a success. */
  readonly succeededAt: number | null;
  /** When our protection rule was asked, and what we answered. null: it never was. */
  readonly gateRequestedAt: number | null;
  readonly gateAnsweredAt: number | null;
  readonly gateAnswer: "approved" | "rejected" | null;
  /** Status reports sent so far (GitHub takes ten a deployment). */
  readonly reports: number;
  /** Undefined where nothing was said of its end, or that was not kept yet. */
  readonly told?: ToldOf | undefined;
  /** Told by who reads history under a policy, never kept: the gate did not let it through, so its success proves nothing. */
  readonly provesNothing?: boolean;
  /** Told by who reads history, never kept: its job ran again and made another one, which tells instead. */
  readonly triedAgain?: boolean;
  /** Asked over the API, by a deployer outside; undefined for a deployment of GitHub's. */
  readonly question?: OutsideQuestion | undefined;
}
