import { z } from "zod";
import { changedFiles } from "#core/facts/pull-request.ts";
import { fail, pass } from "#core/model/verdict.ts";
import { namesMatching, namesOf } from "../kit/changed-names.ts";
import { fewerMembersAreTighter, lessIsTighter, together } from "../kit/direction.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import { pathGlobs } from "../kit/params.ts";
import { count } from "#core/text/phrases.ts";
import { defineRule } from "../kit/rule.ts";

const params = z
  .strictObject({
    max_lines: z
      .int()
      .min(0)
      .optional()
      .meta({ description: "Added plus deleted lines.", examples: [400] }),
    max_files: z
      .int()
      .min(0)
      .optional()
      .meta({ description: "Changed files.", examples: [30] }),
    ignore: pathGlobs.optional().meta({
      description: "Files that do not count, such as lock files.",
      examples: [["package-lock.json", "**/*.snap"]],
    }),
  })
  .refine((limits) => limits.max_lines !== undefined || limits.max_files !== undefined, {
    message: "says nothing: give max_lines or max_files",
  })
  .meta({ examples: [{ max_lines: 400, ignore: ["package-lock.json"] }] });
type Params = z.infer<typeof params>;

export const size = defineRule<Params>({
  name: "size",
  summary: "The pull request is not larger than a reviewer can take in.",
  appliesTo: ["pull_request"],
  params,
  needs: () => [changedFiles],
  judge: ({ params }, ask) => {
    const files = ask(changedFiles.need());
    if (files === undefined) return undefined;
    const { ignore } = params;
    const ignored = ignore === undefined ? undefined : namesMatching(ignore, files);
    // A renamed file is ignored only if both names are, so that moving it under an ignored path hides nothing.
    const counted =
      ignored === undefined
        ? files
        : files.filter((file) => !namesOf(file).every((path) => ignored.has(path)));
    const lines = counted.reduce((sum, file) => sum + file.additions + file.deletions, 0);
    const tooLong = params.max_lines !== undefined && lines > params.max_lines;
    const tooWide = params.max_files !== undefined && counted.length > params.max_files;

    const found = `${count(lines, "line")} in ${count(counted.length, "file")}`;
    const required = limitsOf(params);
    if (!tooLong && !tooWide) return pass({ found, required });
    return fail({
      found,
      required,
      need: [
        ...(tooLong ? [`${count(lines, "changed line")} > ${params.max_lines}`] : []),
        ...(tooWide ? [`${count(counted.length, "changed file")} > ${params.max_files}`] : []),
      ].join("; "),
      next: "The author splits the pull request.",
    });
  },
  isAffectedBy: (event) => !editsNoneOf(event, ["base"]),
  compare: (organization, repository) =>
    together(
      lessIsTighter(organization.max_lines, repository.max_lines),
      lessIsTighter(organization.max_files, repository.max_files),
      fewerMembersAreTighter(organization.ignore ?? [], repository.ignore ?? []),
    ),
  describe: limitsOf,
});

function limitsOf(params: Params): string {
  return [
    ...(params.max_lines === undefined ? [] : [`at most ${count(params.max_lines, "line")}`]),
    ...(params.max_files === undefined ? [] : [`at most ${count(params.max_files, "file")}`]),
  ].join(", ");
}
