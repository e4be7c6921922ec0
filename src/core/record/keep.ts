import { canonicalJson } from "#core/formats/canonical-json.ts";
import type { PolicyFileState, PolicyStateInput } from "#core/policy/policy-state.ts";
import type { DecisionInputs } from "./inputs.ts";

/** A piece of what a decision was made of, by the digest of its text: equal pieces of many decisions are kept once. */
export interface KeptText {
  readonly digest: string;
  readonly text: string;
}

/** What the audit record of a decision says of its inputs. `facts` by need key. */
export interface InputDigests {
  readonly policy: string;
  readonly situation: string;
  readonly facts: Readonly<Record<string, string>>;
  /** Epoch ms: the instant it was judged at. */
  readonly now: number;
  /** Facts too large to be kept: their digests are recorded, and the decision cannot be made again. */
  readonly leftOut?: readonly string[];
}

/** Longer pieces are not kept. The largest that is ever seen in practice, thousands of findings, stays far below. */
const mostCharacters = 8 * 1024 * 1024;

const textsOf = (state: PolicyFileState | null): readonly string[] =>
  state === null
    ? []
    : [state.current.kind === "text" ? state.current.text : "", state.lastGood ?? ""];

/** Only what the files may name: a preset that changes is no reason to keep every policy again. */
function plainPolicy({
  organization,
  own,
  presets,
  extended,
  repository,
  digest,
  absent,
}: PolicyStateInput): unknown {
  const texts = [...textsOf(organization), ...textsOf(own)];
  return {
    organization,
    own,
    repository,
    digest,
    presets: [...presets].filter(([name]) =>
      texts.some((text) => text.includes(`gatehouse:${name}`)),
    ),
    extended: [...extended],
    ...(absent === undefined ? {} : { absent }),
  };
}

/** Takes the inputs of a decision apart: what its record says, and the pieces to keep. */
export function takeApart(
  { policy, subject, facts, now, holds, overrides, end }: DecisionInputs,
  digestOf: (text: string) => string,
): { readonly digests: InputDigests; readonly kept: readonly KeptText[] } {
  const kept = new Map<string, KeptText>();
  const keep = (value: unknown): { readonly digest: string; readonly isKept: boolean } => {
    const text = canonicalJson(value);
    const digest = digestOf(text);
    const isKept = text.length <= mostCharacters;
    if (isKept) kept.set(digest, { digest, text });
    return { digest, isKept };
  };
  const pieces = [...facts].map(([key, result]) => ({ key, ...keep(result) }));
  const leftOut = pieces.filter(({ isKept }) => !isKept).map(({ key }) => key);
  const digests: InputDigests = {
    policy: keep(plainPolicy(policy)).digest,
    situation: keep({ subject, holds, overrides, end }).digest,
    facts: Object.fromEntries(pieces.map(({ key, digest }) => [key, digest])),
    now,
    ...(leftOut.length === 0 ? {} : { leftOut }),
  };
  return { digests, kept: [...kept.values()] };
}
