import type { Act, CommentOrder } from "#core/model/act.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import type { Decision } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import type { Ask } from "#core/facts/ask.ts";
import type { CommandName } from "./names.ts";

/** Where a command stands: a pull request as it is now. */
export interface CommandContext {
  readonly repository: number;
  readonly owner: string;
  readonly name: string;
  /** null: a deployment of a commit that no pull request is known to have brought. */
  readonly number: number | null;
  readonly state: "open" | "closed" | "merged";
  readonly headSha: string;
  /** What the pull request became on its base branch; null before it is merged. */
  readonly mergeSha: string | null;
  readonly author: Person | null;
  /** The branch for whose rules it is held; left out where it is merged. */
  readonly baseRef?: string | undefined;
  /** When its base was changed or rewritten last, by GitHub's clock (epoch ms). */
  readonly baseChangedAt?: number | undefined;
  /** When the head came, by GitHub's clock (epoch ms). */
  readonly headSince?: number | undefined;
  /** The head that the person who spoke can have seen; null: it moved on meanwhile, and nothing is bound to the new one (threat T6). */
  readonly seenSha: string | null;
  readonly labels: readonly string[];
}

/** A deployment by its environment and commit, as data: never to be read from a text. */
export interface DeploymentNamed {
  readonly environment: string;
  readonly sha: string;
}

/** One command as it is executed: who says what where, and all that is known. Pure data; facts are asked for. */
export interface Call {
  /** Names where it was said (`comment:123:0`): the ids of its acts begin with it, so that a replay records nothing. */
  readonly id: string;
  readonly command: CommandName;
  /** The rest of its line. Hostile text. */
  readonly rest: string;
  /** The deployment of which a button speaks; a comment names it in its `rest`. */
  readonly deployment?: DeploymentNamed | undefined;
  readonly actor: Person;
  /** When it was said, as GitHub has it, and now. Epoch ms. */
  readonly at: number;
  readonly now: number;
  /** Its place among other words; left out where they are given in their order (plain facts). */
  readonly commentedAt?: CommentOrder | null | undefined;
  readonly context: CommandContext;
  readonly policy: EffectivePolicy;
  /** Acts of this pull request, and freezes of the repository, in the order in which they were said. */
  readonly acts: readonly Act[];
  /** Deployments of the repository, newest first. */
  readonly deployments: readonly DeploymentRow[];
  /** Who asked for each deployment that waits, or ran it again, by its id; left out where nobody looked. */
  readonly requesters?: ReadonlyMap<number, readonly Person[]> | undefined;
  /** Commits that wait for a protection rule and whose conversation is on this pull request. */
  readonly commitsOnProtectionRules: readonly string[];
  /** Reviews that are owed in the repository. */
  readonly reviews: readonly TicketRow[];
  /** The last decision on the pull request. */
  readonly decision: Decision | null;
  /** The address of its page; left out where people reach no page of ours. */
  readonly decisionPage?: string | undefined;
  /** The commands of Gatehouse, for help. */
  readonly commands: readonly Command[];
  readonly ask: Ask;
}

/** What a command comes to. `says` is finished Markdown; null: a reaction says it all. */
export type Outcome =
  /** `acts`: what is kept of it all the same, for what was said before it and is heard of later. */
  | { readonly kind: "refused"; readonly says: string; readonly acts?: readonly Act[] }
  | { readonly kind: "done"; readonly acts: readonly Act[]; readonly says: string | null }
  /** Words for the reader; `says` takes the place of an earlier answer. */
  | { readonly kind: "answer"; readonly says: string };

/** Who may use a command; any of `actors`, and the pull request's author where `author` says so. `of` names what for. */
export interface Grant {
  readonly actors: Actors;
  readonly author: boolean;
  readonly of: string | null;
}

/** The one shape of a command. */
export interface Command {
  readonly name: CommandName;
  /** What follows the name: `<environment> [sha]`. */
  readonly usage: string;
  /** One sentence for help and documentation. */
  readonly summary: string;
  /** Who may use it, in general, for readers (docs/commands.md). */
  readonly who: string;
  /** Who may under this policy. */
  readonly grants: (policy: EffectivePolicy) => readonly Grant[];
  /** Total and pure; `undefined` while a fact that it asked for has not been read. */
  readonly run: (call: Call) => Outcome | undefined;
}

export const refused = (says: string, acts: readonly Act[] = []): Outcome => ({
  kind: "refused",
  says,
  acts,
});
export const answered = (says: string): Outcome => ({ kind: "answer", says });
export const done = (acts: readonly Act[], says: string | null = null): Outcome => ({
  kind: "done",
  acts,
  says,
});
