import type { Call, Outcome } from "#core/commands/command.ts";
import { execute, type ExecutedCommand } from "#core/commands/execute.ts";
import { commands } from "#core/commands/index.ts";
import type { ParsedCommand } from "#core/commands/parse.ts";
import { asking } from "#core/facts/read-table.ts";
import type { Act } from "#core/model/act.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { FactSession } from "#core/ports/facts.ts";
import { oneLine } from "#core/text/plain-text.ts";
import { readFacts } from "#flow/facts/read-facts.ts";

/** Runs commands in rounds: the facts they need are read until they need nothing new. */
export async function runCommands(
  list: readonly ParsedCommand[],
  around: Omit<Call, "command" | "rest" | "commands" | "ask">,
  session: FactSession,
): Promise<{
  readonly executed: readonly ExecutedCommand[];
  readonly acts: readonly Act[];
  readonly table: FactTable;
}> {
  const table = await readFacts(
    session,
    (known) => asking(known, (ask) => execute(list, { ...around, ask }, commands)).needs,
  );
  return { ...asking(table, (ask) => execute(list, { ...around, ask }, commands)).answer, table };
}

/** If a fact cannot be read for a temporary reason, the command is retried; otherwise it has no effect and says so. */
export function settleOutcomes(
  executed: readonly ExecutedCommand[],
  table: FactTable,
): readonly { readonly command: ParsedCommand; readonly outcome: Outcome }[] {
  const unread = [...table.values()].flatMap((result) => (result.ok ? [] : [result]));
  return executed.map(({ said: command, outcome }) => {
    if (outcome !== undefined) return { command, outcome };
    const passing = unread.find((result) => isTransient(result.code));
    if (passing !== undefined)
      throw new GatehouseError(passing.code, passing.message, { retryAt: passing.retryAt });
    return {
      command,
      outcome: {
        kind: "refused",
        says: `It cannot be told whether that may be done: ${oneLine(unread[0]?.message ?? "something could not be read", 200)}.`,
      },
    };
  });
}
