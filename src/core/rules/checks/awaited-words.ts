import { listed } from "#core/text/phrases.ts";
import type { Awaited } from "./awaited.ts";

const pathsOf = ({ workflows }: Awaited): readonly string[] => workflows.map(({ path }) => path);
const namesOf = ({ reporters }: Awaited): readonly string[] => reporters.map(({ name }) => name);

export function neededOf(awaited: Awaited): string {
  const paths = pathsOf(awaited);
  return paths.length === 0
    ? `No check of ${listed(namesOf(awaited), 3)} is on this commit`
    : `No run of ${listed(paths, 3)} has tested this commit`;
}

export function nextOf(awaited: Awaited): string {
  const { workflows, where } = awaited;
  const paths = pathsOf(awaited);
  const names = namesOf(awaited);
  const groupless = workflows.filter(({ lacksGroups }) => lacksGroups).map(({ path }) => path);
  return [
    ...(paths.length === 0
      ? []
      : groupless.length === paths.length
        ? [
            `Nothing starts ${listed(groupless, 3)} for a merge group: somebody adds \`merge_group\` to what it runs on.`,
          ]
        : [
            `By ${paths.length === 1 ? "its file" : "their files"} GitHub starts ${listed(paths, 3)} for such a change, and Gatehouse waits for it. GitHub starts nothing for a commit that says [skip ci], for one that conflicts with its base, or for what a workflow pushed with its own token: then somebody pushes another commit.`,
          ]),
    ...(names.length === 0
      ? []
      : [
          `${listed(names, 3)} reported on ${listed(where, 3)}: Gatehouse waits for ${names.length === 1 ? "it" : "them"}, or somebody sees why nothing came.`,
        ]),
    "Where something else says that a change is tested, the policy gives the names of those checks.",
  ].join(" ");
}
