import type { Effect } from "#core/model/effect.ts";
import type { GitHubReader } from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";

/**
 * `@owner/slug` as we write it: perhaps with a word joiner and backslashes, so that GitHub mentions nobody; with what is
 * said of its members behind it, in brackets.
 */
const mention =
  /@\u2060?([A-Za-z0-9][A-Za-z0-9-]{0,38})\/((?:\\?[\w.-]){1,255})((?: \\?\((?:nobody|whose members cannot be read|\\?@[^()|\n]*?)\\?\))?)/g;
const somebody = "a team of the organisation";

const slugOf = (written: string): string => written.replaceAll("\\", "").toLowerCase();

/** Every text of an effect that people read, through `change`. */
function withTexts(effect: Effect, change: (text: string) => string): Effect {
  switch (effect.kind) {
    case "check_run": {
      const { content } = effect;
      return {
        ...effect,
        content: {
          ...content,
          title: change(content.title),
          summary: change(content.summary),
          text: content.text === null ? null : change(content.text),
          annotations: content.annotations.map((annotation) => ({
            ...annotation,
            message: change(annotation.message),
          })),
        },
      };
    }
    case "deployment_review":
      return { ...effect, comment: change(effect.comment) };
    case "comment":
      return { ...effect, body: change(effect.body) };
    case "open_issue":
      return { ...effect, title: change(effect.title), body: change(effect.body) };
    case "set_issue_state":
      return { ...effect, comment: effect.comment === null ? null : change(effect.comment) };
    case "reaction":
    case "remove_label":
      return effect;
  }
}

/**
 * How a text may be shown to everybody who reads the repository: in a public one no secret team of the organisation is
 * named, nor one of which it cannot be told whether it is secret. `texts`: all that is going to be shown.
 */
export async function scrubber(
  github: Pick<GitHubReader, "team">,
  repository: RepositoryRecord,
  texts: readonly string[],
): Promise<(text: string) => string> {
  const unchanged = (text: string): string => text;
  if (repository.private) return unchanged;
  const slugs = new Set<string>();
  const isOurs = (owner: string): boolean => owner.toLowerCase() === repository.owner.toLowerCase();
  for (const text of texts)
    for (const [, owner = "", slug = ""] of text.matchAll(mention))
      if (isOurs(owner)) slugs.add(slugOf(slug));
  const secret = new Set<string>();
  for (const slug of slugs) {
    // What ends a sentence is no part of the name.
    const name = slug.replace(/[.-]+$/, "");
    const team = await github.team(repository, name).catch(() => ({ isSecret: true }));
    if (team?.isSecret === true) secret.add(slug);
  }
  if (secret.size === 0) return unchanged;
  return (text) =>
    text.replaceAll(mention, (whole, owner: string, slug: string) => {
      if (!isOurs(owner) || !secret.has(slugOf(slug))) return whole;
      return somebody + (/[.-]+$/.exec(slug)?.[0] ?? "");
    });
}

/** An effect as everybody may read it: whatever we publish goes through here, so that no place that renders has to think of it. */
export async function forReaders(
  github: Pick<GitHubReader, "team">,
  effect: Effect,
  repository: RepositoryRecord,
): Promise<Effect> {
  if (repository.private) return effect;
  const texts: string[] = [];
  withTexts(effect, (text) => {
    texts.push(text);
    return text;
  });
  return withTexts(effect, await scrubber(github, repository, texts));
}
