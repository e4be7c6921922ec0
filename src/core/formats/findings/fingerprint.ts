import type { FindingKind } from "./finding.ts";
import { sha256 } from "./sha256.ts";

/** What makes two reports of a problem the same problem. Line numbers are left out: they move. */
export interface Identity {
  readonly kind: FindingKind;
  readonly tool: string;
  readonly rule: string;
  readonly path?: string | undefined;
  readonly package?: string | undefined;
  readonly message?: string | undefined;
  readonly startLine?: number | undefined;
  /** The tool's own fingerprint, where it gives one that survives line moves. */
  readonly given?: string | undefined;
}

/** Numbers the same problem's places in one report: the second of two equal findings is not the first one. */
export type Occurrences = Map<string, Map<number, number>>;

const aboutPackages: ReadonlySet<FindingKind> = new Set(["dependency", "container", "license"]);

/** Numbers and white space change without the problem changing: "line 12", "1 of 3 calls". */
function normalised(message: string | undefined): string {
  return (message ?? "").replaceAll(/\d+/g, "#").replaceAll(/\s+/g, " ").trim().slice(0, 500);
}

function baseKey(identity: Identity): string {
  const { kind, tool, rule, path, given } = identity;
  if (aboutPackages.has(kind) && identity.package !== undefined)
    return JSON.stringify(["package", tool, rule, identity.package, path ?? ""]);
  if (given !== undefined) return JSON.stringify(["given", tool, rule, path ?? "", given]);
  // A secret's message may quote the secret, and even its digest could be searched for.
  return JSON.stringify([
    "place",
    tool,
    rule,
    path ?? "",
    kind === "secret" ? "" : normalised(identity.message),
  ]);
}

/**
 * SHA-256 of tool, rule, path and the tool's own fingerprint; without one, of the package or of the message without its
 * numbers, plus a running number where one report has the same problem on several lines of a file. Messages of secrets never enter it.
 */
export function fingerprintOf(identity: Identity, occurrences: Occurrences): string {
  const key = baseKey(identity);
  if (aboutPackages.has(identity.kind) || identity.given !== undefined) return sha256(key);
  const lines = occurrences.get(key) ?? new Map<number, number>();
  occurrences.set(key, lines);
  const line = identity.startLine ?? 0;
  const ordinal = lines.get(line) ?? lines.size + 1;
  lines.set(line, ordinal);
  return sha256(ordinal === 1 ? key : `${key}#${ordinal}`);
}
