import { z } from "zod";
import { changedFiles } from "#core/facts/pull-request.ts";
import { fail, pass } from "#core/model/verdict.ts";
import { guarding, namesOf } from "../kit/changed-names.ts";
import { moreMembersAreTighter, together } from "../kit/direction.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import { pathGlobs } from "../kit/params.ts";
import { listed } from "#core/text/phrases.ts";
import { defineRule } from "../kit/rule.ts";

const params = z.strictObject({
  paths: pathGlobs.meta({
    description: "Files that must come alone, such as migrations.",
    examples: [["migrations/**"]],
  }),
  from: pathGlobs.default(["**"]).meta({
    description: "Files they must not be changed together with; left out, every other file.",
    examples: [["src/**"]],
  }),
});
type Params = z.infer<typeof params>;

export const separate = defineRule<Params>({
  name: "separate",
  summary: "Files of two kinds are not changed together.",
  appliesTo: ["pull_request"],
  params,
  needs: () => [changedFiles],
  judge: ({ params }, ask) => {
    const files = ask(changedFiles.need());
    if (files === undefined) return undefined;
    const required = requiredOf(params);
    const of = (patterns: readonly string[]): readonly string[] => {
      const isGuarded = guarding(patterns, files);
      return isGuarded === null
        ? []
        : files.flatMap((file) => namesOf(file).filter((path) => isGuarded(path, file)));
    };
    const alone = of(params.paths);
    if (alone.length === 0)
      return pass({ found: `no file of ${listed(params.paths, 3)}`, required });
    // A file of both kinds is one of those that come alone: otherwise two of them could never be changed together.
    const comingAlone = new Set(alone);
    const others = of(params.from).filter((path) => !comingAlone.has(path));
    if (others.length === 0)
      return pass({ found: `only files of ${listed(params.paths, 3)}`, required });
    return fail({
      found: `${listed(alone, 3)} together with ${listed(others, 3)}`,
      required,
      need: `files that must not be changed together: ${listed(alone, 1)} and ${listed(others, 1)}`,
      next: "The author moves one of the two into a pull request of its own.",
    });
  },
  isAffectedBy: (event) => !editsNoneOf(event, ["base"]),
  compare: (organization, repository) =>
    together(
      // More paths that come alone also means fewer that count as others: only an equal list is known not to loosen.
      moreMembersAreTighter(organization.paths, repository.paths) === "same" ? "same" : "looser",
      moreMembersAreTighter(organization.from, repository.from),
    ),
  joined: ["from"],
  describe: requiredOf,
});

function requiredOf(params: Params): string {
  const others = params.from.includes("**") ? "any other file" : listed(params.from, 3);
  return `${listed(params.paths, 3)} not together with ${others}`;
}
