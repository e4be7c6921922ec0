import type { Suppression } from "../finding.ts";
import { instantOf, isObject, objectOf, textOf, type JsonObject } from "../json.ts";

function isAccepted(suppression: JsonObject): boolean {
  // `state` is what drafts before the standard called `status`. Absent means accepted (3.35.3); unknown words do not.
  const status = textOf(suppression["status"]) ?? textOf(suppression["state"]);
  return status === undefined || status.toLowerCase() === "accepted";
}

function readOne(suppression: JsonObject): Suppression {
  const properties = objectOf(suppression["properties"]);
  const login = textOf(objectOf(properties["ignoredBy"])["name"]);
  return {
    kind: suppression["kind"] === "inSource" ? "inSource" : "external",
    accepted: isAccepted(suppression),
    justification: textOf(suppression["justification"]),
    by: login === undefined ? undefined : { login: login.slice(0, 100) },
    // Snyk's own extension of the standard, which has no expiry.
    expires: instantOf(properties["expiration"]),
  };
}

/**
 * A result is suppressed when it has suppressions and none of them is under review or rejected (SARIF 2.1.0, 3.27.23).
 * Of several accepted ones the one that expires last holds.
 */
export function readSuppressions(value: unknown): Suppression | undefined {
  const all = (Array.isArray(value) ? value : []).filter(isObject).map(readOne);
  const refused = all.find((suppression) => !suppression.accepted);
  if (refused !== undefined) return refused;
  return all.reduce<Suppression | undefined>(
    (best, next) =>
      best === undefined || (next.expires ?? Infinity) > (best.expires ?? Infinity) ? next : best,
    undefined,
  );
}
