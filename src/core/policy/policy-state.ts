import type { DecisionKind } from "#core/model/decision.ts";
import type { Subject } from "#core/model/subject.ts";
import { effectivePolicy, type EffectiveInput } from "./assemble.ts";
import type { EffectivePolicy } from "./effective.ts";
import { parseExtends } from "./extends.ts";
import type { Problem } from "#core/yaml/problem.ts";
import { needsProperties } from "./select.ts";
import { problemAt } from "#core/yaml/source.ts";
import { validatePolicy, type ParsedPolicy } from "./validate.ts";

/** What is known of one policy file: what stands there now, what was last good, and whether it binds when it is gone. */
export interface PolicyFileState {
  readonly current:
    | { readonly kind: "absent" }
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "obstacle"; readonly message: string };
  /** The last text without errors. */
  readonly lastGood: string | null;
  /** A policy was there once and was not retired. */
  readonly binding: boolean;
}

export interface PolicyStateInput extends Omit<EffectiveInput, "organization" | "own"> {
  /** null: there is no organisation policy file to look at (a user's repository, or `.github` itself). */
  readonly organization: PolicyFileState | null;
  readonly own: PolicyFileState;
}

export type PolicyFileName = "organization" | "repository";

/** A file that cannot be used as it stands now. */
export interface BrokenFile {
  readonly file: PolicyFileName;
  /** `removed`: it was there and is gone; `invalid`: it has errors; `unusable`: something else stands there, or what it extends is not to be had. */
  readonly reason: "removed" | "invalid" | "unusable";
  readonly problems: readonly Problem[];
}

/**
 * What judges a repository (docs/policy-language.md, Where a policy lives). `effective` with `broken` entries:
 * their last good text judges, and title and summary say so. `broken`: nothing can judge.
 */
export type Judgeable =
  | { readonly kind: "ungoverned" }
  | {
      readonly kind: "effective";
      readonly policy: EffectivePolicy;
      readonly broken: readonly BrokenFile[];
    }
  | ({ readonly kind: "broken" } & BrokenFile);

/** One text of a file that could judge. */
interface Candidate {
  readonly parsed: ParsedPolicy | null;
  readonly broken: BrokenFile | null;
}

export function judgeablePolicy(input: PolicyStateInput): Judgeable {
  const { organization, own, ...rest } = input;
  const ours = organization === null ? [absent] : candidates("organization", organization, input);
  let first: BrokenFile | null = null;
  for (const above of ours) {
    if (above.parsed === null && above.broken !== null)
      return { kind: "broken", ...(first ?? above.broken) };
    for (const below of candidates("repository", own, input, above.parsed ?? undefined)) {
      if (below.parsed === null && below.broken !== null)
        return { kind: "broken", ...(first ?? below.broken) };
      if (above.parsed === null && below.parsed === null) return { kind: "ungoverned" };
      const made = effectivePolicy({ ...rest, organization: above.parsed, own: below.parsed });
      if (made.ok) {
        if (!made.governed) return { kind: "ungoverned" };
        const broken = [above.broken, below.broken, first].filter(
          (each): each is BrokenFile => each !== null,
        );
        return {
          kind: "effective",
          policy: made.policy,
          broken: broken.filter(
            (each, index) => broken.findIndex((other) => other.file === each.file) === index,
          ),
        };
      }
      first ??= { file: made.file, reason: "unusable", problems: made.problems };
      if (made.file === "organization") break;
    }
  }
  return { kind: "broken", ...(first ?? { file: "repository", reason: "invalid", problems: [] }) };
}

const absent: Candidate = { parsed: null, broken: null };

/** The present text, then the last good one; last, where neither is usable, the answer for having none. */
function candidates(
  file: PolicyFileName,
  state: PolicyFileState,
  { presets, extended }: PolicyStateInput,
  organization?: ParsedPolicy,
): readonly Candidate[] {
  const read = (text: string): ReturnType<typeof validatePolicy> =>
    validatePolicy(text, { presets, extended, organization });
  const { current } = state;
  if (current.kind === "absent") {
    if (!state.binding) return [absent];
    const removed: BrokenFile = {
      file,
      reason: "removed",
      problems: [
        problemAt({ line: 0, column: 0 }, "", "the file was removed without being retired"),
      ],
    };
    // A repository's own policy must be restored; the organisation's is out of reach of the people it judges, so
    // its last text binds.
    const last =
      file === "organization" && state.lastGood !== null ? read(state.lastGood).policy : undefined;
    return [
      ...(last === undefined ? [] : [{ parsed: last, broken: removed }]),
      { parsed: null, broken: removed },
    ];
  }
  const now = current.kind === "text" ? read(current.text) : null;
  const broken: BrokenFile | null =
    current.kind === "obstacle"
      ? {
          file,
          reason: "unusable",
          problems: [problemAt({ line: 0, column: 0 }, "", current.message)],
        }
      : now?.valid === false
        ? { file, reason: "invalid", problems: now.problems }
        : null;
  const isLastGoodOther =
    state.lastGood !== null && !(current.kind === "text" && current.text === state.lastGood);
  const before =
    isLastGoodOther && state.lastGood !== null ? read(state.lastGood).policy : undefined;
  // A retired policy allows everything, and the present text was written to end that, so the retired one is not
  // used. Only if the organisation's file cannot be seen any more does it stay retired.
  const isOutOfSight = file === "organization" && current.kind === "obstacle";
  const last = before !== undefined && isRetired(before) && !isOutOfSight ? undefined : before;
  return [
    ...(now?.policy === undefined ? [] : [{ parsed: now.policy, broken: null }]),
    ...(last === undefined ? [] : [{ parsed: last, broken }]),
    ...(broken === null ? [] : [{ parsed: null, broken }]),
  ];
}

/**
 * The decision under a broken policy: never allow; a deployment is held rather than rejected, because asking for it
 * again is expensive.
 */
export function decisionOfBroken(subject: Subject["kind"]): DecisionKind {
  return subject === "deployment" ? "wait" : "deny";
}

/**
 * Whether the policy is retired: it says `enforcement: disabled` and no rule in it says otherwise. Only then may
 * the file be deleted.
 */
export function isRetired({ policy }: ParsedPolicy): boolean {
  return (
    policy.enforcement === "disabled" &&
    (policy.rules ?? []).every(
      (rule) => rule.enforcement === undefined || rule.enforcement === "disabled",
    )
  );
}

/** What has to be fetched before a policy can be judged by: an extended file, the repository's custom properties. */
export function wantedForPolicy({ policy }: ParsedPolicy): {
  readonly extends: Exclude<ReturnType<typeof parseExtends>, null> | null;
  readonly properties: boolean;
} {
  return {
    extends: policy.extends === undefined ? null : parseExtends(policy.extends),
    properties: needsProperties(policy.repositories),
  };
}
