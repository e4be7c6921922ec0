import {
  isListed,
  maxExpressionLength,
  parseLicence,
  parserProblem,
  writeLicence,
  type SpdxLeaf,
  type SpdxNode,
} from "./spdx-match.ts";

/** `allow` or `deny` (not both) of SPDX expressions; `unknown` says what a licence that cannot be judged does. */
export interface LicencePolicy {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
  readonly unknown: "fail" | "warn";
}

/** `acceptable` is what the gate goes by: ok, or unknown where the policy only warns. */
export interface LicenceJudgement {
  readonly kind: "ok" | "denied" | "unknown";
  readonly acceptable: boolean;
  readonly reason: string;
}

type Answer = Pick<LicenceJudgement, "kind" | "reason">;

interface ReadLists {
  readonly allow: readonly SpdxLeaf[];
  readonly deny: readonly SpdxLeaf[] | null;
}

const joinsWithAnd = (node: SpdxNode): boolean =>
  node.conjunction === "and" ||
  (node.conjunction === "or" && (joinsWithAnd(node.left) || joinsWithAnd(node.right)));

/** What is wrong with an entry of a policy's `allow` or `deny`, in words; null for a good one. Case matters: `MIT`, not `mit`. */
export function spdxProblem(expression: string): string | null {
  if (expression.length > maxExpressionLength)
    return `a licence expression of ${expression.length} characters; at most ${maxExpressionLength} are allowed`;
  const reason = parserProblem(expression);
  if (reason !== null)
    return `"${expression.slice(0, 80)}" is not an SPDX licence expression (${reason}); write one such as MIT or (Apache-2.0 OR MIT)`;
  const node = parseLicence(expression);
  return node !== null && joinsWithAnd(node)
    ? `"${expression.slice(0, 80)}" joins licences with AND; list them one by one`
    : null;
}

/** The single licences of a list's entry, which may join several with OR. */
function leavesOf(node: SpdxNode): readonly SpdxLeaf[] {
  return node.conjunction === undefined
    ? [node]
    : [...leavesOf(node.left), ...leavesOf(node.right)];
}

/** The licences of a list; null when an entry cannot be read, for a list with a hole in it denies too little. */
function readList(entries: readonly string[]): readonly SpdxLeaf[] | null {
  const leaves: SpdxLeaf[] = [];
  for (const entry of entries) {
    const node = parseLicence(entry);
    if (node === null || joinsWithAnd(node)) return null;
    leaves.push(...leavesOf(node));
  }
  return leaves;
}

function readLists(policy: LicencePolicy): ReadLists | null {
  const allow = readList(policy.allow ?? []);
  const deny =
    policy.deny === undefined || policy.allow !== undefined ? null : readList(policy.deny);
  if (allow === null || (deny === null && policy.allow === undefined && policy.deny !== undefined))
    return null;
  return { allow, deny };
}

/** A reference to a text that SPDX does not know: only a list that names it can say anything of it. */
const isReference = (leaf: SpdxLeaf): boolean =>
  /^(?:DocumentRef-[^:]+:)?LicenseRef-/.test(leaf.license);

function judgeLeaf(leaf: SpdxLeaf, lists: ReadLists): Answer {
  const name = writeLicence(leaf);
  if (lists.deny === null) {
    if (lists.allow.some((listed) => isListed(leaf, listed)))
      return { kind: "ok", reason: `${name} is allowed` };
    return { kind: "denied", reason: `${name} is not on the list of allowed licences` };
  }
  // An exception gives more freedom to use, it does not take the licence away: denying GPL denies it with exceptions too.
  const bare: SpdxLeaf = { license: leaf.license, plus: leaf.plus };
  const isDenied = lists.deny.some(
    (listed) =>
      isListed(leaf, listed) || (listed.exception === undefined && isListed(bare, listed)),
  );
  if (isDenied) return { kind: "denied", reason: `${name} is on the list of denied licences` };
  if (isReference(leaf))
    return { kind: "unknown", reason: `${name} is a reference to a text nobody has judged` };
  return { kind: "ok", reason: `${name} is not denied` };
}

function judgeNode(node: SpdxNode, lists: ReadLists): Answer {
  if (node.conjunction === undefined) return judgeLeaf(node, lists);
  const sides = [judgeNode(node.left, lists), judgeNode(node.right, lists)] as const;
  // OR: the best branch can be chosen. AND: all of them bind.
  const order =
    node.conjunction === "or"
      ? (["ok", "unknown", "denied"] as const)
      : (["denied", "unknown", "ok"] as const);
  const kind = order.find((one) => sides.some((side) => side.kind === one)) ?? "unknown";
  const reasons = sides.filter((side) => side.kind === kind).map((side) => side.reason);
  return {
    kind,
    reason:
      node.conjunction === "or" && kind === "ok"
        ? (reasons[0] ?? "")
        : [...new Set(reasons)].join("; ").slice(0, 500),
  };
}

function answer(expression: string | null, policy: LicencePolicy): Answer {
  const text = expression?.trim() ?? "";
  if (text === "") return { kind: "unknown", reason: "no licence is known" };
  if (text.length > maxExpressionLength)
    return {
      kind: "unknown",
      reason: `its licence field has more than ${maxExpressionLength} characters`,
    };
  if (text.toUpperCase() === "NOASSERTION")
    return { kind: "unknown", reason: "NOASSERTION: nobody says what its licence is" };
  if (text.toUpperCase() === "NONE") return { kind: "unknown", reason: "NONE: it has no licence" };
  const node = parseLicence(text);
  if (node === null)
    return { kind: "unknown", reason: `"${text.slice(0, 80)}" is not an SPDX licence expression` };
  const lists = readLists(policy);
  if (lists === null)
    return {
      kind: "unknown",
      reason: "the policy's list of licences holds something that is no SPDX expression",
    };
  return judgeNode(node, lists);
}

/**
 * Judges a dependency's licence (SPDX expression, null where none is known). OR needs one acceptable branch, AND all.
 * What is not exactly an SPDX expression is unknown, never guessed. Hostile text, never throws.
 */
export function judgeLicence(expression: string | null, policy: LicencePolicy): LicenceJudgement {
  const { kind, reason } = answer(expression, policy);
  return {
    kind,
    acceptable: kind === "ok" || (kind === "unknown" && policy.unknown === "warn"),
    reason,
  };
}
