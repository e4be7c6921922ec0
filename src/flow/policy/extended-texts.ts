import { wantedForPolicy } from "#core/policy/policy-state.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import type { Asking } from "./besides.ts";
import type { Parse } from "./parsed-policies.ts";
import type { SharedFiles } from "./shared-files.ts";

export interface ExtendedTexts {
  /** Texts by what `extends` says. */
  readonly extended: ReadonlyMap<string, string>;
  /** Of these the ones that are judged by as they were last good. */
  readonly lastGood: readonly string[];
}

/** The text of a policy; `holder`: the repository in whose file it stands, left out of one that is only proposed. */
export interface ExtendingText {
  readonly text: string | null;
  readonly holder?: number | undefined;
}

/** Reads what the given policies extend. */
export type ReadExtended = (
  repository: RepositoryRecord,
  policies: readonly ExtendingText[],
  asking: Asking,
) => Promise<ExtendedTexts>;

/**
 * Texts that `extends` names outside the shipped presets. One that was good once binds when it cannot be read any more,
 * or is good no more; one that was never good is left out or taken as it is, and the policy says so.
 */
export function createReadExtended(
  { log }: Pick<Deps, "log">,
  shared: SharedFiles,
  parse: Parse,
): ReadExtended {
  /** What was said in the log, so that it is said once. */
  const told = new Set<string>();

  /** Whether it is the last good text that is used is said once, until the file is good again. */
  function tell(stored: string, repository: RepositoryRecord, key: string): void {
    if (told.has(stored)) return;
    told.add(stored);
    log.warn(
      { repository: `${repository.owner}/${repository.name}`, extends: key },
      "what a policy extends cannot be read any more, or not be used; its last good text binds",
    );
  }

  return async (repository, policies, asking) => {
    const found = new Map<string, string>();
    const lastGood: string[] = [];
    for (const { text, holder } of policies) {
      const policy = text === null ? null : parse(text);
      const named = policy === null ? null : wantedForPolicy(policy).extends;
      const key = policy?.policy.extends;
      if (
        named === null ||
        named.kind !== "file" ||
        key === undefined ||
        named.owner.toLowerCase() !== repository.owner.toLowerCase()
      )
        continue;
      if (holder !== undefined) await shared.noteExtender(repository, key, named, holder);
      const { text: now, lastGood: good } = await shared.read(repository, key, named, asking);
      const content = now !== null && parse(now) !== null ? now : good;
      const place = `${repository.installationId}:${key}`;
      if (content !== null && content !== now) {
        lastGood.push(key);
        tell(place, repository, key);
      } else told.delete(place);
      const used = content ?? now;
      if (used !== null) found.set(key, used);
    }
    return { extended: found, lastGood };
  };
}
