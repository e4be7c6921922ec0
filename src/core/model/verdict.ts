import type { Annotation, Evidence } from "./evidence.ts";

export const verdictKinds = ["pass", "fail", "pending", "skipped", "unknown"] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** Whether what was required is not there, or not known to be. `kind`: also as a record says it. */
export const isUnmet = ({ kind }: { readonly kind: string }): boolean =>
  kind === "fail" || kind === "pending" || kind === "unknown";

/**
 * What one requirement says of one subject.
 * `need` is the short phrase for the title of the check run ("Needs 1 approval from @acme/security");
 * `found` and `required` fill the table; `next` says who can do what now.
 * `changesAt` (epoch ms) is the instant at which this verdict may change without any event.
 * `goodUntil` (epoch ms): a pass must not be relied on after that without being judged again; nobody is woken for it.
 */
export interface Verdict {
  readonly kind: VerdictKind;
  readonly found: string;
  readonly required: string;
  readonly need: string;
  readonly next: string;
  readonly evidence: readonly Evidence[];
  readonly annotations: readonly Annotation[];
  readonly warnings: readonly string[];
  /** What is only counted here, and where all of it can be seen: a warning that can be followed. */
  readonly links?: readonly Evidence[] | undefined;
  readonly changesAt?: number | undefined;
  readonly goodUntil?: number | undefined;
  /** Regular expressions in `need`, after "must match": a rule's description says to people what they ask for. */
  readonly patterns?: readonly string[] | undefined;
}

export interface VerdictParts {
  readonly found: string;
  readonly required: string;
  /** Left out for a pass: nothing is needed then. */
  readonly need?: string;
  readonly next?: string;
  readonly evidence?: readonly Evidence[];
  readonly annotations?: readonly Annotation[];
  readonly warnings?: readonly string[];
  readonly links?: readonly Evidence[];
  readonly changesAt?: number | undefined;
  readonly goodUntil?: number | undefined;
  readonly patterns?: readonly string[];
}

function verdict(kind: VerdictKind, parts: VerdictParts): Verdict {
  return {
    kind,
    found: parts.found,
    required: parts.required,
    need: parts.need ?? (kind === "pass" || kind === "skipped" ? "" : parts.required),
    next: parts.next ?? "",
    evidence: parts.evidence ?? [],
    annotations: parts.annotations ?? [],
    warnings: parts.warnings ?? [],
    ...(parts.links === undefined || parts.links.length === 0 ? {} : { links: parts.links }),
    ...(parts.changesAt === undefined ? {} : { changesAt: parts.changesAt }),
    ...(parts.goodUntil === undefined ? {} : { goodUntil: parts.goodUntil }),
    ...(parts.patterns === undefined || parts.patterns.length === 0
      ? {}
      : { patterns: parts.patterns }),
  };
}

export const pass = (parts: VerdictParts): Verdict => verdict("pass", parts);
/** The evidence is complete and negative. */
export const fail = (parts: VerdictParts): Verdict => verdict("fail", parts);
/** People, a running check or time can still turn it. */
export const pending = (parts: VerdictParts): Verdict => verdict("pending", parts);
export const skipped = (parts: VerdictParts): Verdict => verdict("skipped", parts);
/** A fact could not be read. Never allows. */
export const unknown = (parts: VerdictParts): Verdict => verdict("unknown", parts);
