import type { Policy } from "../schema.ts";
import { pathText, type Path, type Problem } from "#core/yaml/problem.ts";
import { problemAt, type Source } from "#core/yaml/source.ts";

/** A policy whose grammar is right, with its raw data and places. `known` is what it takes from elsewhere. */
export interface CheckContext {
  readonly policy: Policy;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly source: Source;
  /** Names that an extended file or the organisation's policy brings; null: there is one that could not be looked into. */
  readonly known: KnownNames | null;
  /** Names of the presets there are; null where nobody said. */
  readonly presets: readonly string[] | null;
  /** No organisation's policy was given beside it. */
  readonly alone: boolean;
}

export interface KnownNames {
  readonly rules: ReadonlySet<string>;
  readonly windows: ReadonlySet<string>;
  readonly calendars: ReadonlySet<string>;
  readonly freezes: ReadonlySet<string>;
}

export type Check = (context: CheckContext) => readonly Problem[];

export function errorAt(
  { source }: CheckContext,
  path: Path,
  message: string,
  suggestion?: string,
): Problem {
  return problemAt(source.positions.ofValue(path), pathText(path), message, "error", suggestion);
}

export function warningAt({ source }: CheckContext, path: Path, message: string): Problem {
  return problemAt(source.positions.ofValue(path), pathText(path), message, "warning");
}
