import type { DeployedCommit } from "#core/facts/deployed-range.ts";
import { commitFactsOf } from "./pull-request.ts";
import type { World } from "./world.ts";

export const shaHere = ({ given: words, headSha }: World): string =>
  words.deployment?.sha ?? headSha;

/** Whether the facts describe a pull request; reviews alone imply one. */
export const tellsPullRequest = ({ given: words }: World): boolean =>
  words.pull_request !== undefined || words.reviews !== undefined;

/** The deployed commits. A change without an author is by the pull request's opener, like its commits. */
export function commitsOut(world: World): readonly DeployedCommit[] {
  const { changes } = world.given;
  if (changes !== undefined) {
    return changes.map((change, index) => {
      const author =
        change.author === undefined
          ? world.author
          : change.author === null
            ? null
            : world.person(change.author);
      return {
        sha: change.sha ?? (index === changes.length - 1 ? shaHere(world) : `commit-${index + 1}`),
        subject: change.subject ?? "",
        url: null,
        people: [{ person: author, name: author?.login ?? "unknown" }],
      };
    });
  }
  if (!tellsPullRequest(world))
    return [{ sha: shaHere(world), subject: "", url: null, people: [] }];
  return commitFactsOf(world).map((commit) => ({
    sha: commit.sha,
    subject: commit.message.split("\n", 1)[0] ?? "",
    url: null,
    people: [...commit.authors, ...(commit.committer === null ? [] : [commit.committer])],
  }));
}
