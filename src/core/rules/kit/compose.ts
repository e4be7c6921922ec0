import {
  fail,
  pass,
  pending,
  skipped,
  unknown,
  type Verdict,
  type VerdictKind,
  type VerdictParts,
} from "#core/model/verdict.ts";
import { lowerFirst } from "#core/text/plain-text.ts";

/**
 * `all`: evidence against beats what is open, what is open beats what is met; skipped parts do not count.
 * `any`: one part that is met is enough, whatever cannot be read beside it; as long as one is open it is not a fail.
 * So unknown never allows, and reading more turns an allow into a deny only by evidence against.
 */
const worstFirst: readonly VerdictKind[] = ["fail", "unknown", "pending", "pass", "skipped"];
const bestFirst: readonly VerdictKind[] = ["pass", "pending", "unknown", "fail", "skipped"];

const make: Readonly<Record<VerdictKind, (parts: VerdictParts) => Verdict>> = {
  pass,
  fail,
  pending,
  skipped,
  unknown,
};

export function all(parts: readonly Verdict[]): Verdict {
  const kind = firstOf(worstFirst, parts);
  const deciding = parts.filter((part) => part.kind === kind);
  const counted = parts.filter((part) => part.kind !== "skipped");
  return make[kind]({
    ...shared(parts),
    ...sentences(deciding, " and ", " "),
    required: joined(counted.length === 0 ? parts : counted, "required", " and "),
  });
}

export function any(parts: readonly Verdict[]): Verdict {
  const kind = firstOf(bestFirst, parts);
  const deciding = parts.filter((part) => part.kind === kind);
  // If unmet, every alternative is named; if met, the one that was.
  const named =
    kind === "pass" || kind === "skipped"
      ? deciding
      : parts.filter((part) => part.kind !== "skipped");
  return make[kind]({
    ...shared(kind === "pass" ? deciding : parts),
    ...sentences(named, " or ", " Or: "),
    required: joined(parts, "required", " or "),
  });
}

function firstOf(order: readonly VerdictKind[], parts: readonly Verdict[]): VerdictKind {
  return order.find((kind) => parts.some((part) => part.kind === kind)) ?? "unknown";
}

function sentences(
  parts: readonly Verdict[],
  word: string,
  between: string,
): Pick<VerdictParts, "found" | "need" | "next"> & { readonly found: string } {
  return {
    found: joined(parts, "found", "; "),
    need: joined(parts, "need", word, lowerFirst),
    next: joined(parts, "next", between),
  };
}

/** `later` is how a part reads that is not the first one. */
function joined(
  parts: readonly Verdict[],
  field: "found" | "required" | "need" | "next",
  between: string,
  later = (text: string): string => text,
): string {
  return [...new Set(parts.map((part) => part[field]).filter((text) => text !== ""))]
    .map((text, index) => (index === 0 ? text : later(text)))
    .join(between);
}

function shared(
  parts: readonly Verdict[],
): Pick<
  VerdictParts,
  "evidence" | "annotations" | "warnings" | "links" | "changesAt" | "goodUntil" | "patterns"
> {
  const times = parts.flatMap((part) => (part.changesAt === undefined ? [] : [part.changesAt]));
  const terms = parts.flatMap((part) => (part.goodUntil === undefined ? [] : [part.goodUntil]));
  return {
    evidence: parts.flatMap((part) => part.evidence),
    annotations: parts.flatMap((part) => part.annotations),
    warnings: [...new Set(parts.flatMap((part) => part.warnings))],
    links: parts.flatMap((part) => part.links ?? []),
    patterns: [...new Set(parts.flatMap((part) => part.patterns ?? []))],
    ...(times.length === 0 ? {} : { changesAt: Math.min(...times) }),
    ...(terms.length === 0 ? {} : { goodUntil: Math.min(...terms) }),
  };
}
