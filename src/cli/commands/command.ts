import type { Command } from "commander";
import type { Answer } from "../answer.ts";

/** One command of the command line: its words for commander, and what it answers (null: it printed by itself). */
export interface DefinedCommand {
  readonly command: Command;
  readonly run: (
    args: readonly unknown[],
    options: Readonly<Record<string, unknown>>,
  ) => Promise<Answer | null> | Answer | null;
}

export type DefineCommand = () => DefinedCommand;

/** A string option or argument that commander has checked for presence. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function texts(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === "string")
    : typeof value === "string"
      ? [value]
      : [];
}
