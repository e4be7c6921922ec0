import { actor } from "../world/accounts.ts";
import { issueNumbered, repoNamed } from "../world/lookup.ts";
import type { Issue, Label } from "../world/issues.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { label as labelShape } from "../render/issue.ts";
import { emitIssue } from "../webhooks/issues.ts";
import { emitPull } from "../webhooks/pulls.ts";
import { mark } from "./timeline.ts";

export function ensureLabel(
  world: World,
  repo: Repo,
  name: string,
  color = "ededed",
  description: string | null = null,
): Label {
  const known = repo.labels.get(name.toLowerCase());
  if (known !== undefined) return known;
  const made: Label = { id: world.nextId(), name, color, description };
  repo.labels.set(name.toLowerCase(), made);
  return made;
}

/** Adds or takes off a label in somebody's name; nothing happens when it is so already. */
export function labelledBy(
  world: World,
  repo: Repo,
  on: Issue,
  name: string,
  byId: number,
  isOn: boolean,
  viaAppId?: number,
): void {
  const has = on.labels.some((one) => one.name.toLowerCase() === name.toLowerCase());
  if (has === isOn) return;
  const label = ensureLabel(world, repo, name);
  on.labels = isOn ? [...on.labels, label] : on.labels.filter((one) => one !== label);
  on.updatedAt = world.now();
  const event = isOn ? "labeled" : "unlabeled";
  mark(world, on, {
    event,
    actorId: byId,
    label,
    ...(viaAppId === undefined ? {} : { viaAppId }),
  });
  const pull = repo.pulls.get(on.number);
  const extra = { label: labelShape(world, repo, label) };
  if (pull === undefined) emitIssue(world, repo, on, event, byId, extra);
  else emitPull(world, repo, pull, event, byId, extra);
}

export interface LabelInput {
  readonly repo: string;
  readonly number: number;
  readonly label: string;
  readonly by: string;
  /** The App through which they do it, where one does. */
  readonly viaAppId?: number;
}

export function label(world: World, input: LabelInput): void {
  const repo = repoNamed(world, input.repo);
  labelledBy(
    world,
    repo,
    issueNumbered(repo, input.number),
    input.label,
    actor(world, input.by).id,
    true,
    input.viaAppId,
  );
}

export function unlabel(world: World, input: LabelInput): void {
  const repo = repoNamed(world, input.repo);
  labelledBy(
    world,
    repo,
    issueNumbered(repo, input.number),
    input.label,
    actor(world, input.by).id,
    false,
    input.viaAppId,
  );
}
