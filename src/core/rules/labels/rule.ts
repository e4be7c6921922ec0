import { z } from "zod";
import { labels as labelsFact } from "#core/facts/pull-request.ts";
import { fail, pass } from "#core/model/verdict.ts";
import { lowerFirst } from "#core/text/plain-text.ts";
import { fewerMembersAreTighter, moreMembersAreTighter, together } from "../kit/direction.ts";
import { name } from "../kit/params.ts";
import { either, listed } from "#core/text/phrases.ts";
import { defineRule, type Direction } from "../kit/rule.ts";

const names = z.array(name).min(1).max(100);

const params = z
  .strictObject({
    all: names.optional().meta({
      description: "Each of these must stand on the pull request.",
      examples: [["reviewed-by-security"]],
    }),
    any: names
      .optional()
      .meta({ description: "At least one of these.", examples: [["bug", "feature", "chore"]] }),
    none: names.optional().meta({ description: "None of these.", examples: [["do-not-merge"]] }),
  })
  .refine(
    (lists) => lists.all !== undefined || lists.any !== undefined || lists.none !== undefined,
    {
      message: "says nothing: give at least one of all, any, none",
    },
  )
  .meta({ examples: [{ none: ["do-not-merge"] }] });
type Params = z.infer<typeof params>;

export const labels = defineRule<Params>({
  name: "labels",
  summary: "Named labels stand on the pull request, or do not.",
  appliesTo: ["pull_request"],
  params,
  needs: () => [labelsFact],
  judge: ({ params }, ask) => {
    const standing = ask(labelsFact.need());
    if (standing === undefined) return undefined;
    const stands = (label: string): boolean => standing.some((each) => isSame(each.name, label));
    const missing = (params.all ?? []).filter((label) => !stands(label));
    const lacksAny = params.any !== undefined && !params.any.some(stands);
    const unwanted = (params.none ?? []).filter(stands);

    const found = standing.length === 0 ? "no labels" : listed(standing.map((each) => each.name));
    const required = requiredLabels(params);
    const needs = [
      ...(missing.length === 0 ? [] : [`Needs the label ${listed(missing)}`]),
      ...(lacksAny ? [`Needs a label: ${either(params.any ?? [])}`] : []),
      ...(unwanted.length === 0 ? [] : [`The label ${listed(unwanted)} must go`]),
    ];
    if (needs.length === 0) return pass({ found, required });
    return fail({
      found,
      required,
      need: needs.map((need, index) => (index === 0 ? need : lowerFirst(need))).join("; "),
      next: "Somebody with the triage role sets or removes the labels.",
    });
  },
  isAffectedBy: (event, params) =>
    event.label === null ||
    [params.all, params.any, params.none].some((list) =>
      list?.some((label) => isSame(label, event.label ?? "")),
    ),
  compare: (organization, repository) =>
    together(
      moreMembersAreTighter(organization.all ?? [], repository.all ?? []),
      compareAny(organization.any, repository.any),
      moreMembersAreTighter(organization.none ?? [], repository.none ?? []),
    ),
  joined: ["all", "none"],
  describe: requiredLabels,
});

/** GitHub keeps one label per spelling, whatever its case; anything else that only looks alike is another label. */
const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function requiredLabels(params: Params): string {
  return [
    ...(params.all === undefined ? [] : [`all of ${listed(params.all)}`]),
    ...(params.any === undefined ? [] : [`one of ${listed(params.any)}`]),
    ...(params.none === undefined ? [] : [`none of ${listed(params.none)}`]),
  ].join("; ");
}

function compareAny(
  organization: readonly string[] | undefined,
  repository: readonly string[] | undefined,
): Direction {
  if (organization === undefined) return repository === undefined ? "same" : "tighter";
  return repository === undefined ? "looser" : fewerMembersAreTighter(organization, repository);
}
