import { isStale, readButton, saidByButton } from "#core/commands/buttons.ts";
import { doubtedCommands, parseCommands, type ParsedCommand } from "#core/commands/parse.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { actsBehind } from "#flow/in-force/acts-behind.ts";
import type { CommandRequest } from "#flow/jobs/command-job.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { knownSlug } from "./app-slug.ts";

/** The comment or review as it stands now; null where it is not what was delivered: edited, deleted, somebody else's (threats T4, T34, T36). */
export async function readAgain(
  deps: Deps,
  request: CommandRequest,
  repository: RepositoryRecord,
): Promise<string | null> {
  const { github } = deps;
  if (request.from.kind === "button" || request.from.kind === "page" || request.number === null)
    return null;
  const { kind, id, bodyHash } = request.from;
  const seen =
    kind === "comment"
      ? await github.comment(repository, id)
      : await github.review(repository, request.number, id);
  const isUntouched =
    seen !== null &&
    seen.updatedAt === seen.createdAt &&
    seen.createdAt === request.at &&
    contentHash(seen.body) === bodyHash &&
    seen.issue === request.number &&
    !seen.viaApp &&
    seen.author?.id === request.actor.id &&
    seen.author.type === "User";
  return isUntouched ? seen.body : null;
}

export async function commandsIn(
  deps: Deps,
  request: CommandRequest,
  repository: RepositoryRecord,
  policy: EffectivePolicy,
): Promise<{ readonly list: readonly ParsedCommand[]; readonly body: string } | "too late" | null> {
  switch (request.from.kind) {
    case "comment":
    case "review": {
      const body = await readAgain(deps, request, repository);
      if (body === null) return null;
      const grammar = { slug: await knownSlug(deps), bare: policy.commands.bare };
      return {
        list: [...parseCommands(body, grammar), ...doubtedCommands(body, grammar)],
        body,
      };
    }
    case "button": {
      const { identifier, environment, sha } = request.from;
      const pressed = readButton(identifier);
      const command =
        pressed === null
          ? null
          : saidByButton(pressed, environment === null ? null : { environment, sha });
      if (pressed === null || command === null) return null;
      const acts = await actsBehind(
        deps.store,
        request.repository,
        request.number,
        environment,
        sha,
      );
      // Delivered again: its acts are recorded already.
      if (acts.some((act) => act.id.startsWith(`${request.key}:`))) return null;
      return isStale(pressed, acts) ? "too late" : { list: [command], body: "" };
    }
    case "page": {
      const { command, rest } = request.from;
      return {
        list: [{ name: command, word: command, nearest: null, rest, line: 1 }],
        body: "",
      };
    }
  }
}
