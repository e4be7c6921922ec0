import { notFound, ok } from "../http/reply.ts";
import type { Call, Route } from "../http/call.ts";
import { repoOf } from "../http/scope.ts";
import { findAccount, roleIn, teamRole } from "../world/accounts.ts";
import { commitOf, resolveRef } from "../world/lookup.ts";
import { roles, type Role } from "../world/people.ts";
import type { Repo } from "../world/repositories.ts";

const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

const mayWrite = (role: Role): boolean => roles.indexOf(role) >= roles.indexOf("write");

/** What GitHub says of an owner that it does not take; null where it takes it. */
function complaint(call: Call, repo: Repo, owner: string): string | null {
  const { world } = call;
  const [login = "", slug] = owner.slice(1).split("/", 2);
  const account = findAccount(world, login);
  if (slug === undefined)
    return account !== null && mayWrite(roleIn(world, repo, account.id))
      ? null
      : `make sure ${owner} exists and has write access to the repository`;
  const team = [...world.teams.values()].find(
    (one) => one.orgId === account?.id && one.slug === slug.toLowerCase(),
  );
  return team !== undefined && team.privacy !== "secret" && mayWrite(teamRole(world, team, repo))
    ? null
    : `make sure the team ${owner} exists, is publicly visible, and has write access to the repository`;
}

/** Errors of the CODEOWNERS file as GitHub lists them: owners that it does not know, each at its column. */
export const codeownersRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/codeowners/errors",
    permission: "contents:read",
    handle: (call) => {
      const repo = repoOf(call);
      const sha = resolveRef(call.world, repo, call.query.get("ref") ?? repo.defaultBranch);
      if (sha === null) throw notFound();
      const { files } = commitOf(call.world, sha);
      const path = places.find((place) => files.has(place));
      const blob = path === undefined ? undefined : files.get(path);
      if (path === undefined || blob === undefined) throw notFound();
      const text = call.world.git.blobs.get(blob.sha)?.toString("utf8") ?? "";
      const errors = text.split("\n").flatMap((source, index) => {
        if (/^\s*#/.test(source)) return [];
        return [...source.matchAll(/(?<=\s)@\S+/g)].flatMap((match) => {
          const says = complaint(call, repo, match[0]);
          if (says === null) return [];
          const line = index + 1;
          const column = match.index + 1;
          return [
            {
              line,
              column,
              kind: "Unknown owner",
              source,
              suggestion: says,
              message: `Unknown owner on line ${line}: ${says}\n\n  ${source}\n  ${" ".repeat(match.index)}^`,
              path,
            },
          ];
        });
      });
      return ok({ errors });
    },
  },
];
