import { pullRequest } from "#core/facts/pull-request.ts";
import { matchesAnyPath } from "#core/formats/glob.ts";
import { bareRef } from "#core/model/ref.ts";
import { definePredicate } from "./predicate.ts";
import { moreIsWider, pathGlobs } from "#core/rules/kit/written.ts";

/** GitHub's rulesets write branches in full. */
const branchGlobs = pathGlobs.transform((globs) =>
  globs.map((glob) => glob.replace(/^refs\/heads\//, "")),
);

export const branches = definePredicate<readonly string[]>({
  name: "branches",
  summary: "Base branch of the pull request.",
  params: branchGlobs.meta({ examples: ["main", ["main", "release/**"]] }),
  gates: ["pull_request"],
  otherwise: "silent",
  wider: moreIsWider,
  needs: () => [pullRequest],
  test: (patterns, { subject }, ask) => {
    const base =
      subject.kind === "merge_group" ? subject.baseRef : ask(pullRequest.need())?.baseRef;
    return base === undefined ? undefined : matchesAnyPath(patterns, bareRef(base));
  },
});

export const headBranches = definePredicate<readonly string[]>({
  name: "head_branches",
  summary: "Head branch of the pull request.",
  params: branchGlobs.meta({ examples: ["dependabot/**"] }),
  gates: ["pull_request"],
  otherwise: "silent",
  wider: moreIsWider,
  needs: () => [pullRequest],
  test: (patterns, _context, ask) => {
    const opened = ask(pullRequest.need());
    return opened === undefined ? undefined : matchesAnyPath(patterns, bareRef(opened.headRef));
  },
});
