import { actor } from "../world/accounts.ts";
import { issueNumbered, repoNamed } from "../world/lookup.ts";
import type { Issue } from "../world/issues.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { emitIssue } from "../webhooks/issues.ts";
import { ensureLabel } from "./labels.ts";
import { mark } from "./timeline.ts";

export function newIssue(
  world: World,
  repo: Repo,
  input: {
    title: string;
    body: string | null;
    authorId: number | null;
    isPull: boolean;
    viaAppId?: number;
    labels?: readonly string[];
    assigneeIds?: readonly number[];
  },
): Issue {
  const now = world.now();
  const made: Issue = {
    id: world.nextId(),
    number: repo.nextNumber++,
    title: input.title,
    body: input.body,
    state: "open",
    stateReason: null,
    authorId: input.authorId,
    labels: (input.labels ?? []).map((name) => ensureLabel(world, repo, name)),
    assigneeIds: [...(input.assigneeIds ?? [])],
    comments: [],
    timeline: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedById: null,
    locked: false,
    viaAppId: input.viaAppId ?? null,
    isPull: input.isPull,
    editedAt: null,
    editorId: null,
    edits: [],
    reactions: [],
  };
  repo.issues.set(made.number, made);
  for (const label of made.labels)
    mark(world, made, { event: "labeled", actorId: input.authorId, label });
  return made;
}

export interface IssueInput {
  readonly repo: string;
  readonly title: string;
  readonly body?: string;
  readonly by: string;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly viaAppId?: number;
}

export function openIssue(world: World, input: IssueInput): { number: number; id: number } {
  const repo = repoNamed(world, input.repo);
  const authorId = actor(world, input.by).id;
  const made = newIssue(world, repo, {
    title: input.title,
    body: input.body ?? "",
    authorId,
    isPull: false,
    labels: input.labels ?? [],
    assigneeIds: (input.assignees ?? []).map((login) => actor(world, login).id),
    ...(input.viaAppId === undefined ? {} : { viaAppId: input.viaAppId }),
  });
  emitIssue(world, repo, made, "opened", authorId);
  return { number: made.number, id: made.id };
}

/** Changes title or body, as its author and everybody with write access may. */
export function editIssue(
  world: World,
  input: { repo: string; number: number; title?: string; body?: string; by: string },
): void {
  const repo = repoNamed(world, input.repo);
  const found = issueNumbered(repo, input.number);
  const editorId = actor(world, input.by).id;
  const at = world.now();
  const { title, body } = found;
  if (input.title !== undefined) found.title = input.title;
  if (input.body !== undefined) {
    found.body = input.body;
    found.editedAt = at;
    found.editorId = editorId;
    found.edits.push({ at, editorId });
  }
  found.updatedAt = at;
  emitIssue(world, repo, found, "edited", editorId, {
    changes: {
      ...(input.title === undefined ? {} : { title: { from: title } }),
      ...(input.body === undefined ? {} : { body: { from: body ?? "" } }),
    },
  });
}

export function setIssueState(
  world: World,
  input: {
    repo: string;
    number: number;
    state: "open" | "closed";
    by: string;
    reason?: "completed" | "not_planned";
    /** The App through which they do it, where one does. */
    viaAppId?: number;
  },
): void {
  const repo = repoNamed(world, input.repo);
  const found = issueNumbered(repo, input.number);
  if (found.state === input.state) return;
  const byId = actor(world, input.by).id;
  found.state = input.state;
  found.stateReason = input.state === "open" ? "reopened" : (input.reason ?? "completed");
  found.closedAt = input.state === "open" ? null : world.now();
  found.closedById = input.state === "open" ? null : byId;
  found.updatedAt = world.now();
  mark(world, found, {
    event: input.state === "open" ? "reopened" : "closed",
    actorId: byId,
    ...(input.viaAppId === undefined ? {} : { viaAppId: input.viaAppId }),
  });
  emitIssue(world, repo, found, input.state === "open" ? "reopened" : "closed", byId);
}
