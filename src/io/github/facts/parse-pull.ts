import { z } from "zod";
import type { LabelFact, PullRequestFact, TextFact } from "#core/facts/pull-request.ts";
import { instant } from "./instant.ts";
import { basesOf, stackShape } from "../read/stack.ts";
import { fromGraphqlActor, fromRestUser, graphqlActor, restUser } from "./person.ts";

/** What one answer about a pull request says, whichever API gave it. */
export interface PullParts {
  readonly pullRequest: PullRequestFact;
  readonly draft: boolean;
  readonly text: TextFact;
  /** null: not in this answer. */
  readonly labels: readonly LabelFact[] | null;
  readonly changedFiles: number | null;
  readonly commits: number | null;
  /** Whether the answer told its stack, and so which branch's rules it is held for. */
  readonly tellsStack: boolean;
  /** Whether the answer told when its base was changed. */
  readonly tellsBaseChange: boolean;
  /** It was closed once: what became of its base meanwhile is not in its timeline. undefined: not told. */
  readonly wasClosed?: boolean | undefined;
}

const restBranch = z.object({
  ref: z.string(),
  sha: z.string(),
  repo: z.object({ id: z.number() }).nullish(),
});

/** A pull request as REST and webhooks show it. The head's repository is null once the fork was deleted. */
export const restPull = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.enum(["open", "closed"]),
  merged_at: z.string().nullish(),
  draft: z.boolean().nullish(),
  title: z.string(),
  body: z.string().nullish(),
  user: restUser,
  base: restBranch,
  head: restBranch,
  created_at: instant,
  labels: z.array(z.object({ name: z.string() })).nullish(),
  changed_files: z.number().nullish(),
  commits: z.number().nullish(),
  stack: stackShape,
});

export function fromRestPull(pull: z.infer<typeof restPull>): PullParts {
  const headRepository = pull.head.repo?.id ?? null;
  return {
    pullRequest: {
      number: pull.number,
      url: pull.html_url,
      author: fromRestUser(pull.user),
      state: typeof pull.merged_at === "string" ? "merged" : pull.state,
      draft: pull.draft ?? false,
      ...basesOf(pull.base.ref, pull.stack),
      baseSha: pull.base.sha,
      headRef: pull.head.ref,
      headSha: pull.head.sha,
      headRepository,
      // A head without a repository was a fork: the base repository itself cannot be gone.
      fork: headRepository === null || headRepository !== pull.base.repo?.id,
      createdAt: pull.created_at,
    },
    draft: pull.draft ?? false,
    text: { title: pull.title, body: pull.body ?? "" },
    labels: pull.labels?.map((label) => ({ name: label.name })) ?? null,
    changedFiles: pull.changed_files ?? null,
    commits: pull.commits ?? null,
    tellsStack: true,
    tellsBaseChange: false,
  };
}

export const graphqlPull = z.object({
  number: z.number(),
  url: z.string(),
  state: z.enum(["OPEN", "CLOSED", "MERGED"]),
  isDraft: z.boolean(),
  title: z.string(),
  body: z.string().nullish(),
  author: graphqlActor,
  baseRefName: z.string(),
  baseRefOid: z.string(),
  headRefName: z.string(),
  headRefOid: z.string(),
  isCrossRepository: z.boolean(),
  headRepository: z.object({ databaseId: z.number() }).nullish(),
  createdAt: instant,
  changedFiles: z.number().nullish(),
  // Whatever does not name an instant, or is not there, tells nothing: least of all that the base was never changed.
  baseChanges: z
    .object({ nodes: z.array(z.object({ __typename: z.string(), createdAt: instant })) })
    .nullish()
    .catch(null),
  reopenings: z.object({ totalCount: z.number() }).nullish().catch(null),
});

const rewrites: ReadonlySet<string> = new Set(["BaseRefForcePushedEvent", "BaseRefDeletedEvent"]);

const states = { OPEN: "open", CLOSED: "closed", MERGED: "merged" } as const;

export function fromGraphqlPull(
  pull: z.infer<typeof graphqlPull>,
): Omit<PullParts, "labels" | "commits"> {
  const change = pull.baseChanges?.nodes[0];
  const isRewritten = rewrites.has(change?.__typename ?? "");
  return {
    pullRequest: {
      number: pull.number,
      url: pull.url,
      author: fromGraphqlActor(pull.author),
      state: states[pull.state],
      draft: pull.isDraft,
      baseRef: pull.baseRefName,
      baseSha: pull.baseRefOid,
      headRef: pull.headRefName,
      headSha: pull.headRefOid,
      headRepository: pull.headRepository?.databaseId ?? null,
      fork: pull.isCrossRepository,
      createdAt: pull.createdAt,
      ...(change === undefined
        ? {}
        : {
            baseChangedAt: change.createdAt,
            ...(isRewritten ? { baseRewritten: true } : {}),
          }),
    },
    draft: pull.isDraft,
    text: { title: pull.title, body: pull.body ?? "" },
    changedFiles: pull.changedFiles ?? null,
    tellsStack: false,
    tellsBaseChange:
      pull.baseChanges !== null &&
      pull.baseChanges !== undefined &&
      pull.reopenings !== null &&
      pull.reopenings !== undefined &&
      // The branch may have been deleted after the merge, and what came before that is not shown here.
      !(isRewritten && pull.state === "MERGED"),
    wasClosed: (pull.reopenings?.totalCount ?? 0) > 0,
  };
}
