import { matchesAnyGlob } from "../../formats/glob.ts";
import { withoutPrefix } from "./branches.ts";
import { definePredicate } from "./predicate.ts";
import { globs, moreIsWider } from "./params.ts";

export const environments = definePredicate<readonly string[]>({
  name: "environments",
  summary: "The environment that is deployed to.",
  params: globs,
  gates: ["deployment"],
  otherwise: false,
  wider: moreIsWider,
  uses: () => [],
  // GitHub compares environment names without case.
  test: (patterns, { subject }) =>
    subject.kind === "deployment" &&
    matchesAnyGlob(patterns, subject.environment, { ignoreCase: true }),
});

export const refs = definePredicate<readonly string[]>({
  name: "refs",
  summary: "The deployed ref, with or without refs/heads/ or refs/tags/.",
  params: globs,
  gates: ["deployment"],
  otherwise: false,
  wider: moreIsWider,
  uses: () => [],
  test: (patterns, { subject }) => {
    if (subject.kind !== "deployment") return false;
    const { ref } = subject;
    const names = ref.startsWith("refs/")
      ? [ref, withoutPrefix(ref)]
      : [ref, `refs/heads/${ref}`, `refs/tags/${ref}`];
    return names.some((name) => matchesAnyGlob(patterns, name));
  },
});
