import { nearest } from "#core/text/nearest.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { inert } from "#core/text/markdown.ts";
import { firstName, firstWord, looksLikeSha } from "./arguments.ts";
import type { Call } from "./command.ts";
import {
  environmentsThere,
  isWrittenOut,
  knownEnvironment,
  nameAmong,
} from "./environment-rules.ts";

export interface EnvironmentArgument {
  /** As GitHub or the policy writes it. */
  readonly name: string;
  readonly rest: string;
  /** Quotes or punctuation end the name: what follows cannot be a part of it. */
  readonly isDelimited: boolean;
}

type Reading = EnvironmentArgument | { readonly says: string } | undefined;
type Asking = Pick<Call, "command" | "policy" | "deployments" | "ask">;

/** Words of a name at most: GitHub's names of environments have 255 characters. */
const mostWords = 12;

/** Every beginning of a text that ends where a word ends, longest first. */
function beginnings(text: string): readonly { readonly name: string; readonly rest: string }[] {
  const found: { readonly name: string; readonly rest: string }[] = [];
  for (const match of text.matchAll(/[ \t]+|$/g)) {
    found.unshift({
      name: text.slice(0, match.index).replaceAll(/[ \t]+/g, " "),
      rest: text.slice(match.index).trim(),
    });
    if (found.length === mostWords) break;
  }
  return found;
}

/** The rest begins like what another known name goes on with: `production UE` beside `production EU`. */
function slipOf(name: string, rest: string, known: readonly string[]): string | undefined {
  const tails = known.flatMap((each) =>
    each.toLowerCase().startsWith(`${name.toLowerCase()} `)
      ? [{ each, tail: each.slice(name.length + 1) }]
      : [],
  );
  return tails.find(({ tail }) => {
    const words = tail.split(" ").length;
    return (
      nearest(
        rest
          .split(/[ \t]+/)
          .slice(0, words)
          .join(" "),
        [tail],
      ) !== undefined
    );
  })?.each;
}

/**
 * The environment with which a command begins. In quotes it is that name; else the longest name that is known wins, so
 * that `production EU` is never taken for `production` and a reason. `undefined` while the repository's own environments
 * have not been read.
 */
export function environmentArgument(call: Asking, text: string): Reading {
  const first = firstName(text);
  if (first.isQuoted) return plainly(call, first.word, first.rest, true);
  if (first.rest === "") return plainly(call, first.word, "", false);
  const isCommitOnly = looksLikeSha(firstWord(first.rest).word) && !/[ \t]/.test(first.rest);
  const known = isCommitOnly
    ? call.deployments.map(({ environment }) => environment)
    : environmentsThere(call);
  if (known === undefined) return undefined;
  for (const { name, rest } of beginnings(text.trim())) {
    const ended = name.replace(/[,;:]$/, "");
    const found =
      nameAmong(known, name) ??
      nameAmong(known, ended) ??
      [name, ended].find((word) => isWrittenOut(call.policy, word));
    if (found === undefined) continue;
    const isDelimited = ended !== name && nameAmong([found], name) === undefined;
    const slip = rest === "" || isDelimited ? undefined : slipOf(found, rest, known);
    return slip === undefined
      ? { name: found, rest, isDelimited }
      : {
          says: `It cannot be told whether ${inert(found)} is meant, or ${inert(slip)}. Write the name in quotes: ${commandSpan(call.command, slip)}.`,
        };
  }
  const ended = first.word.replace(/[,;:]$/, "");
  return plainly(call, ended, first.rest, ended !== first.word);
}

function plainly(call: Asking, word: string, rest: string, isDelimited: boolean): Reading {
  const found = knownEnvironment(call, word);
  return found === undefined || "says" in found ? found : { name: found.name, rest, isDelimited };
}

/** What ends a name in a sentence: `production's`, `production: …`, `production.` */
const afterName = /(?:['\u2019]s)?[,;:.!?)\u2026\u2013\u2014]*$/u;

/**
 * The environment with which a reason begins, by the same reading; null where it begins with none. What looks like one
 * and is none of them is not guessed at.
 */
export function environmentInReason(
  call: Asking,
  reason: string,
): { readonly name: string } | { readonly says: string } | null | undefined {
  const known = environmentsThere(call);
  if (known === undefined) return undefined;
  const first = firstName(reason);
  const unclear = (said: string, near: string): { readonly says: string } => ({
    says: `It cannot be told whether ${inert(said, 60)} means the environment ${inert(near)}. Begin the reason with its name in quotes ("${inert(near)}"), or with another word.`,
  });
  if (first.isQuoted) {
    const name = nameAmong(known, first.word);
    const near = name === undefined ? nearest(first.word, known) : undefined;
    return name !== undefined ? { name } : near === undefined ? null : unclear(first.word, near);
  }
  for (const { name, rest } of beginnings(reason.trim())) {
    const found = nameAmong(known, name) ?? nameAmong(known, name.replace(afterName, ""));
    if (found === undefined) continue;
    const slip =
      rest === "" || nameAmong([found], name) === undefined
        ? undefined
        : slipOf(found, rest, known);
    return slip === undefined ? { name: found } : unclear(`${found} ${rest}`, slip);
  }
  const word = first.word.replace(afterName, "");
  const near = word.length < 3 ? undefined : nearest(word, known);
  return near === undefined ? null : unclear(word, near);
}

/** For commands after whose environment nothing more is read: what stands there is no reason, but perhaps a part of a name. */
export function noMore(
  call: Asking,
  { name, rest, isDelimited }: EnvironmentArgument,
): string | null {
  return rest === "" || isDelimited
    ? null
    : `There is no environment ${inert(`${name} ${rest}`, 120)} here, and nothing may follow ${inert(name)}. Write ${commandSpan(call.command, name)}; a name with blanks stands in quotes: ${commandSpan(call.command, `${name} ${rest}`.slice(0, 100))}.`;
}
