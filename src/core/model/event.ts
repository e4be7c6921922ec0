import type { Person } from "./actor.ts";
import type { DeploymentState } from "./deployment.ts";

/** The repository as a payload names it. Ids decide, names are for reading and for URLs. */
export interface EventRepository {
  readonly id: number;
  readonly owner: string;
  readonly ownerId: number;
  readonly ownerType: "Organization" | "User";
  readonly name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly archived: boolean;
}

/** A check run that is over. Instants are epoch ms. */
export interface EndedCheckRun {
  readonly id: number;
  readonly conclusion: string;
  readonly startedAt: number | null;
  readonly at: number;
}

/**
 * What a delivery says, in our terms: a hint of what changed, never the truth about it (the API is).
 * Fields are there when the payload carries them in the documented shape.
 */
export interface Event {
  /** GitHub's event name and action, `check_run.completed`; the bare name where there is no action. */
  readonly name: string;
  readonly installationId: number | null;
  readonly repository: EventRepository | null;
  readonly sender: Person | null;
  readonly pullRequest: {
    readonly number: number;
    readonly headSha: string;
    /** The branch whose rules apply, as far as the payload tells: its stack's base, else its own. */
    readonly baseRef: string;
    /** The branch it is opened onto, where the stack's base is another. */
    readonly directBaseRef?: string | undefined;
    /** Whether the payload says if it is in a stack; some events leave that out. */
    readonly tellsStack?: boolean | undefined;
    readonly headRef: string;
    readonly state: "open" | "closed";
    readonly draft: boolean;
    /** Set by `edited`: which of title, body, base changed. */
    readonly changed: readonly string[];
    readonly before: string | null;
    /** When it was opened, by GitHub's clock (epoch ms). */
    readonly createdAt?: number | undefined;
    /** When it was changed last, by GitHub's clock (epoch ms): with `synchronize`, when the head moved. */
    readonly updatedAt?: number | undefined;
  } | null;
  /** A check run, check suite, status or workflow run. */
  readonly check: {
    readonly name: string | null;
    readonly headSha: string;
    readonly appId: number | null;
    readonly pullRequests: readonly number[];
    readonly externalId: string | null;
    /** `requested_action` of a check-run button. */
    readonly action: string | null;
    /** How a check run ended; absent: it has not, or the payload does not say. */
    readonly ended?: EndedCheckRun | undefined;
  } | null;
  readonly push: {
    readonly ref: string;
    /** null: the branch was made by it, or the payload does not say. */
    readonly before?: string | null | undefined;
    readonly created?: boolean | undefined;
    readonly after: string;
    readonly deleted: boolean;
    readonly forced?: boolean | undefined;
  } | null;
  readonly mergeGroup: {
    readonly headSha: string;
    readonly headRef: string;
    readonly baseRef: string;
  } | null;
  readonly comment: {
    readonly id: number;
    readonly body: string;
    readonly issue: number;
    readonly onPullRequest: boolean;
    readonly author: Person | null;
    readonly viaApp: boolean;
    readonly authorAssociation: string;
    readonly createdAt: number;
    /** Who wrote it opened the pull request, or issue. */
    readonly isAuthor: boolean;
    /** It is the body of a submitted review, of this commit; absent: a comment. */
    readonly review?: { readonly commit: string | null } | undefined;
  } | null;
  readonly label: string | null;
  /** A deployment, or a protection-rule request for one; what the payload leaves out is null. */
  readonly deployment: {
    readonly id: number | null;
    readonly environment: string;
    readonly sha: string | null;
    readonly ref: string | null;
    readonly runId: number | null;
    readonly creator: Person | null;
    /** Epoch ms. */
    readonly createdAt: number | null;
    /** The newest state, of a `deployment_status`, and when GitHub recorded it (epoch ms); null where it does not say. */
    readonly status: {
      readonly state: DeploymentState;
      readonly at: number | null;
      /** GitHub Actions itself set it. */
      readonly byActions: boolean;
      /** Who set it; null where the payload does not say. */
      readonly by?: Person | null;
    } | null;
  } | null;
  /** The Actions run of a workflow run, job or deployment review. */
  readonly runId: number | null;
  readonly issue: {
    readonly number: number;
    readonly isPullRequest: boolean;
    readonly state: string;
    readonly author?: Person | null | undefined;
  } | null;
  readonly team: { readonly slug: string; readonly organization: string } | null;
  /** A scanner's alert. `ref` is where it was seen (code scanning); what a person did to it holds on every ref. */
  readonly alert?: { readonly ref: string | null; readonly byPerson: boolean } | undefined;
}
