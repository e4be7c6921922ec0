import { z } from "zod";
import { draftState, labels as labelsFact, pullRequest, text } from "#core/facts/pull-request.ts";
import { matchesAnyName } from "#core/formats/glob.ts";
import { matchesPattern } from "#core/formats/pattern.ts";
import type { Event } from "#core/model/event.ts";
import { editsNoneOf } from "#core/rules/kit/edited-fields.ts";
import { definePredicate } from "./predicate.ts";
import { fewerIsWider, moreIsWider, nameGlobs, patterns } from "#core/rules/kit/written.ts";

/** GitHub compares labels without case. */
const named = (globList: readonly string[], label: string): boolean =>
  matchesAnyName(globList, label, { ignoreCase: true });

const concernsLabel = (event: Event, globList: readonly string[]): boolean =>
  event.label === null || named(globList, event.label);

export const labels = definePredicate<readonly string[]>({
  name: "labels",
  summary: "Any label of the pull request.",
  params: nameGlobs.meta({ examples: ["security", ["security", "breaking-*"]] }),
  gates: ["pull_request"],
  otherwise: "silent",
  wider: moreIsWider,
  needs: () => [labelsFact],
  isAffectedBy: concernsLabel,
  test: (globList, _context, ask) =>
    ask(labelsFact.need())?.some((label) => named(globList, label.name)),
});

export const withoutLabels = definePredicate<readonly string[]>({
  name: "without_labels",
  summary: "None of these labels stands on the pull request.",
  params: nameGlobs.meta({ examples: ["do-not-gate"] }),
  gates: ["pull_request"],
  otherwise: "silent",
  wider: fewerIsWider,
  needs: () => [labelsFact],
  isAffectedBy: concernsLabel,
  test: (globList, _context, ask) =>
    ask(labelsFact.need())?.every((label) => !named(globList, label.name)),
});

export const title = definePredicate<readonly string[]>({
  name: "title",
  summary: "The title matches a regular expression.",
  params: patterns.meta({ examples: ["^revert", "(?i)hotfix"] }),
  gates: ["pull_request"],
  otherwise: "silent",
  wider: moreIsWider,
  needs: () => [text],
  isAffectedBy: (event) => !editsNoneOf(event, ["title"]),
  test: (sources, _context, ask) => {
    const fact = ask(text.need());
    return fact === undefined
      ? undefined
      : sources.some((source) => matchesPattern(source, fact.title));
  },
});

export const draft = definePredicate<boolean>({
  name: "draft",
  summary: "Whether the pull request is a draft.",
  params: z.boolean(),
  gates: ["pull_request"],
  otherwise: "silent",
  needs: () => [draftState],
  test: (wanted, _context, ask) => {
    const isDraft = ask(draftState.need());
    return isDraft === undefined ? undefined : isDraft === wanted;
  },
});

export const fork = definePredicate<boolean>({
  name: "fork",
  summary: "Whether the pull request comes from a fork.",
  params: z.boolean(),
  gates: ["pull_request"],
  otherwise: "silent",
  needs: () => [pullRequest],
  test: (wanted, _context, ask) => {
    const opened = ask(pullRequest.need());
    return opened === undefined ? undefined : opened.fork === wanted;
  },
});
