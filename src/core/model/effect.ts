import type { Annotation } from "./evidence.ts";
import type { Terms } from "./terms.ts";

/** What a check run shall say. `content` of an unchanged check run is not sent again. */
export interface CheckRunContent {
  readonly status: "in_progress" | "completed";
  /** Cancelled is no answer: nobody waits for one any more. GitHub lets nothing through for it. */
  readonly conclusion: "success" | "failure" | "cancelled" | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string | null;
  readonly annotations: readonly Annotation[];
  readonly actions: readonly CheckRunAction[];
  /** Identifies subject and decision, so that a crash never makes two. */
  readonly externalId: string;
}

/** A button on the check run; GitHub's caps: label 20, description 40, identifier 20 characters, three a check run. */
export interface CheckRunAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

/** Wanted outside changes, as data. `key` names the target: a newer effect on the same target replaces an older one. */
export type Effect =
  | {
      readonly kind: "check_run";
      readonly key: string;
      readonly repository: number;
      readonly sha: string;
      readonly name: string;
      readonly content: CheckRunContent;
      /** What must still hold when a green is sent: the pull request's head, base and stack (re-read just before). */
      readonly guard: {
        readonly pullRequest: number;
        readonly headSha: string;
        readonly baseRef: string;
        /** The branch it is opened onto, where a stack makes `baseRef` another. */
        readonly directBaseRef?: string | undefined;
      } | null;
      /** Of a green: under what it may leave. */
      readonly terms?: Terms | undefined;
    }
  | {
      readonly kind: "deployment_review";
      readonly key: string;
      readonly repository: number;
      readonly runId: number;
      readonly deploymentId: number;
      readonly environment: string;
      /** null: a status report, no verdict. */
      readonly state: "approved" | "rejected" | null;
      readonly comment: string;
      /** Of an approval: under what it may leave. */
      readonly terms?: Terms | undefined;
    }
  | {
      readonly kind: "comment";
      readonly key: string;
      readonly repository: number;
      readonly issue: number;
      /** Carries a hidden marker, by which a comment already made is found and edited in place. */
      readonly body: string;
      readonly marker: string;
    }
  | {
      readonly kind: "reaction";
      readonly key: string;
      readonly repository: number;
      readonly commentId: number;
      readonly content: "eyes" | "rocket" | "confused";
    }
  | {
      readonly kind: "remove_label";
      readonly key: string;
      readonly repository: number;
      readonly issue: number;
      readonly label: string;
    }
  | {
      readonly kind: "open_issue";
      readonly key: string;
      readonly repository: number;
      readonly title: string;
      readonly body: string;
      readonly labels: readonly string[];
      readonly assignees: readonly string[];
      /** Carries a hidden marker, by which an issue already opened is found. */
      readonly marker: string;
    }
  | {
      readonly kind: "set_issue_state";
      readonly key: string;
      readonly repository: number;
      readonly issue: number;
      readonly state: "open" | "closed";
      readonly comment: string | null;
    };

export type EffectKind = Effect["kind"];

export const checkRunKey = (repository: number, sha: string, name: string): string =>
  `check:${repository}:${sha}:${name}`;

/** The target of a deployment review: status reports and the verdict share it, so they are sent one after the other. */
export const deploymentReviewKey = (
  repository: number,
  deploymentId: number,
  environment: string,
): string => `review:${repository}:${deploymentId}:${environment}`;
