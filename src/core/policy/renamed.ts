import { isRepositoryNamed } from "#core/formats/repository-glob.ts";
import { pathText } from "#core/yaml/problem.ts";
import { problemAt } from "#core/yaml/source.ts";
import type { PolicyNotice } from "./effective.ts";
import type { Layer } from "./layer.ts";
import type { SelectedRepository } from "./select.ts";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Each list of `repositories` in a raw `when`, those in alternatives and negations included. */
function listsIn(when: unknown): readonly (readonly string[])[] {
  if (!isRecord(when)) return [];
  const { repositories, not, any } = when;
  const here = [repositories].flat().filter((each) => typeof each === "string");
  return [
    ...(here.length === 0 ? [] : [here]),
    ...listsIn(not),
    ...(Array.isArray(any) ? any.flatMap(listsIn) : []),
  ];
}

/** Says which rules of the organisation go on to mean the repository by a name that it had. */
export function renamedNotices(
  organization: Layer | null,
  { owner, name, earlierNames = [] }: SelectedRepository,
): readonly PolicyNotice[] {
  if (organization === null || earlierNames.length === 0) return [];
  return organization.rules.flatMap((rule) => {
    const earlier = listsIn(rule.when).flatMap((globs) => {
      const now = isRepositoryNamed(globs, owner, name);
      return earlierNames.filter((each) => isRepositoryNamed(globs, owner, each) !== now);
    });
    const [first] = earlier;
    if (first === undefined) return [];
    const path = [...rule.path, "when"];
    return [
      {
        file: "organization" as const,
        problem: problemAt(
          organization.parsed.source.positions.ofKey(path),
          pathText(path),
          `the repository was renamed: rule "${rule.name}" goes on to mean it by the name ${first} too; to end that, the organisation lets both names off, with not: { repositories: [${first}, ${name}] }`,
          "warning",
        ),
        isAttempt: true,
      },
    ];
  });
}
