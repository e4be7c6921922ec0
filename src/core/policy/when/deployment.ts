import { matchesAnyName, matchesAnyPath } from "#core/formats/glob.ts";
import { bareRef } from "#core/model/ref.ts";
import { definePredicate } from "./predicate.ts";
import { moreIsWider, nameGlobs, pathGlobs } from "#core/rules/kit/written.ts";

export const environments = definePredicate<readonly string[]>({
  name: "environments",
  summary: "The environment that is deployed to.",
  params: nameGlobs.meta({ examples: ["production", ["production", "eu-*"]] }),
  gates: ["deployment"],
  otherwise: false,
  wider: moreIsWider,
  needs: () => [],
  environments: (patterns) => patterns,
  // GitHub compares environment names without case.
  test: (patterns, { subject }) =>
    subject.kind === "deployment" &&
    matchesAnyName(patterns, subject.environment, { ignoreCase: true }),
});

export const refs = definePredicate<readonly string[]>({
  name: "refs",
  summary: "The deployed ref, with or without refs/heads/ or refs/tags/.",
  params: pathGlobs.meta({ examples: ["main", "v*"] }),
  gates: ["deployment"],
  otherwise: false,
  wider: moreIsWider,
  needs: () => [],
  test: (patterns, { subject }) => {
    if (subject.kind !== "deployment") return false;
    const { ref } = subject;
    const names = ref.startsWith("refs/")
      ? [ref, bareRef(ref)]
      : [ref, `refs/heads/${ref}`, `refs/tags/${ref}`];
    return names.some((name) => matchesAnyPath(patterns, name));
  },
});
