import { readFileSync } from "node:fs";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { effectivePolicy } from "#core/policy/assemble.ts";
import { problemText } from "#core/yaml/problem.ts";
import { validatePolicy, type ParsedPolicy, type ReadOptions } from "#core/policy/validate.ts";

const presetText = (name: string): string =>
  readFileSync(new URL(`../../../policies/${name}.yml`, import.meta.url), "utf8");

/** The presets as they ship. */
export const presets: ReadonlyMap<string, string> = new Map(
  ["recommended", "regulated", "library"].map((name) => [name, presetText(name)]),
);

/** A policy that must be valid. */
export function parsed(text: string, options: ReadOptions = {}): ParsedPolicy {
  const { policy, problems } = validatePolicy(text, { presets, ...options });
  if (policy === undefined)
    throw new Error(`the policy of this test is wrong:\n${problems.map(problemText).join("\n")}`);
  return policy;
}

export interface Together {
  readonly organization?: string;
  readonly own?: string;
  readonly repository?: {
    readonly name?: string;
    readonly properties?: Readonly<Record<string, string | readonly string[]>> | null;
    readonly earlierNames?: readonly string[];
  };
  readonly extended?: ReadonlyMap<string, string>;
}

/** The effective policy of acme/shop from texts that must be valid. */
export function effective({
  organization,
  own,
  repository = {},
  extended = new Map(),
}: Together): EffectivePolicy {
  const above = organization === undefined ? null : parsed(organization, { extended });
  const made = effectivePolicy({
    repository: {
      owner: "acme",
      name: repository.name ?? "shop",
      properties: repository.properties === undefined ? {} : repository.properties,
      earlierNames: repository.earlierNames ?? [],
    },
    organization: above,
    own: own === undefined ? null : parsed(own, { extended, organization: above ?? undefined }),
    presets,
    extended,
    digest: "d1",
  });
  if (!made.ok) throw new Error(made.problems.map(problemText).join("\n"));
  return made.policy;
}

/** Places and sentences of what is wrong with a text. */
export function problemsIn(text: string, options: ReadOptions = {}): readonly string[] {
  return validatePolicy(text, { presets, ...options }).problems.map(
    (problem) => `${problem.severity} ${problemText(problem)}`,
  );
}
