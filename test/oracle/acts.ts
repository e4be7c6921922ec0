import type { Issue } from "@gatehouse/github-simulator/world/issues.ts";
import type { Pull } from "@gatehouse/github-simulator/world/pulls.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import type { World } from "@gatehouse/github-simulator/world/world.ts";
import { hasRole } from "./people.ts";

/** A command that a person gave, by the plainest reading of it. */
export interface Command {
  readonly word: string;
  readonly rest: string;
  readonly by: number;
  readonly at: number;
  readonly number: number;
  /** Stands among markup that the oracle does not read as a reader does. */
  readonly isDoubtful: boolean;
}

const line =
  /^ {0,3}(?:\/gate|\/gatehouse|@gatehouse(?:\[bot\])?)[ \t]+([a-z-]+)(?![a-z-])[,:;.!]?[ \t]*(.*)$/i;
const bareLine = /^ {0,3}\/([a-z-]+)(?![a-z-])[,:;.!]?[ \t]*(.*)$/i;

function commandsIn(
  text: string,
  isBare: boolean,
): readonly { word: string; rest: string; isDoubtful: boolean }[] {
  // Fences, quotes, tags and indented code: a reader's view of them is not this oracle's business.
  const isMarkup = /```|~~~|^ {0,3}[>|]|<|^(?: {4}|\t)|^\s*[-*+]\s|^\s*\d+[.)]\s/m.test(text);
  return text.split(/\r?\n/).flatMap((one) => {
    const found = line.exec(one) ?? (isBare ? bareLine.exec(one) : null);
    if (found === null) return [];
    return [{ word: (found[1] ?? "").toLowerCase(), rest: found[2] ?? "", isDoubtful: isMarkup }];
  });
}

/** Commands on one pull request, in the order in which they were given: comments, and bodies of submitted reviews. */
export function commandsOn(
  world: World,
  issue: Issue,
  pull: Pull | undefined,
  isBare: boolean,
): readonly Command[] {
  const texts = [
    ...issue.comments
      .filter((one) => one.viaAppId === null && one.editedAt === null)
      .map((one) => ({ id: one.id, by: one.authorId, at: one.createdAt, text: one.body })),
    ...(pull?.reviews ?? [])
      .filter((one) => one.state !== "PENDING" && one.editedAt === null)
      .map((one) => ({
        id: one.id,
        by: one.authorId,
        at: one.submittedAt ?? 0,
        text: one.body,
      })),
  ].toSorted((a, b) => a.at - b.at || a.id - b.id);
  return texts.flatMap(({ by, at, text }) =>
    by === null || world.accounts.get(by)?.type !== "User"
      ? []
      : commandsIn(text, isBare).map((one) => ({ ...one, by, at, number: issue.number })),
  );
}

export const commandsOfRepo = (world: World, repo: Repo, isBare: boolean): readonly Command[] =>
  [...repo.pulls.values()]
    .flatMap((pull) => {
      const issue = repo.issues.get(pull.number);
      return issue === undefined ? [] : commandsOn(world, issue, pull, isBare);
    })
    .toSorted((a, b) => a.at - b.at);

/** Whether a pull request is on hold: the last word of somebody who may say it. */
export function holdOf(
  world: World,
  repo: Repo,
  commands: readonly Command[],
): "held" | "doubtful" | "free" {
  let state: "held" | "doubtful" | "free" = "free";
  for (const one of commands) {
    const isLift = one.word === "unhold" || (one.word === "hold" && /^cancel\b/i.test(one.rest));
    if ((one.word !== "hold" && !isLift) || !hasRole(world, repo, one.by, "triage")) continue;
    state = isLift ? "free" : one.isDoubtful ? "doubtful" : "held";
  }
  return state;
}
