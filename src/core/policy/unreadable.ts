import { factList } from "#core/facts/index.ts";
import { type ErrorCode, isTransient } from "#core/model/errors.ts";
import type { ListedFactRef } from "#core/model/fact.ts";
import { unknown, type Verdict } from "#core/model/verdict.ts";
import type { UnreadFact } from "#core/facts/read-table.ts";

/** The verdict of a rule that could not be judged: what could not be read, why, and who can change that. */
export function unreadable(
  unread: readonly UnreadFact[],
  required: string,
  declared: readonly ListedFactRef[],
): Verdict {
  const what = unread.slice(0, 3).map(({ need }) => need.describe);
  const more = unread.length > 3 ? ` and ${unread.length - 3} more` : "";
  const first = unread[0];
  const reasons = [
    ...new Set(unread.slice(0, 3).map(({ result }) => result?.message ?? "not read")),
  ];
  const retries = unread.flatMap(({ result }) =>
    result?.retryAt === undefined ? [] : [result.retryAt],
  );
  const waitsForGitHub = first?.result !== undefined && isTransient(first.result.code);
  return unknown({
    found: `cannot read ${what.join(", ")}${more}: ${reasons.join("; ")}`,
    required,
    // The title says first whether people have to act or only wait.
    need: `${waitsForGitHub ? "Waiting for GitHub: cannot" : "Cannot"} read ${what[0] ?? "a fact"}`,
    next: first === undefined ? "" : remedy(first, declared),
    ...(retries.length === 0 ? {} : { changesAt: Math.max(...retries) }),
  });
}

function remedy({ need, result }: UnreadFact, declared: readonly ListedFactRef[]): string {
  const code: ErrorCode | undefined = result?.code;
  if (code === undefined || isTransient(code)) return "Gatehouse tries again by itself.";
  const fact = [...declared, ...factList].find((listed) => listed.name === need.fact);
  const permissions = (fact?.permissions ?? [])
    .map((permission) => `${permission}: read`)
    .join(", ");
  switch (code) {
    case "forbidden":
      return `An owner of the organisation grants the App ${permissions === "" ? "the permission it asks for" : permissions}, or switches the feature on; then /gate recheck.`;
    case "not_found":
      return `A maintainer checks that it exists and that the App may see it${permissions === "" ? "" : ` (${permissions})`}; then /gate recheck.`;
    case "incomplete":
      return (
        fact?.whenIncomplete ??
        "GitHub shows only a part of it, and a part is never taken for the whole: split the change."
      );
    default:
      return "A maintainer looks at the reason, then /gate recheck.";
  }
}
