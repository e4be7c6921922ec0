import type { FactResult, FactTable, Need } from "#core/model/fact.ts";
import type { FactSession } from "#core/ports/facts.ts";

/** Rules ask in rounds (who reviewed, then who they are); none needs more rounds than this. */
const maximumRounds = 8;

/** Reads what `want` asks for until it asks for nothing new. Each round's facts are read side by side. */
export async function readFacts(
  session: Pick<FactSession, "read">,
  want: (known: FactTable) => readonly Need<unknown>[],
): Promise<FactTable> {
  const table = new Map<string, FactResult<unknown>>();
  for (let round = 0; round < maximumRounds; round += 1) {
    const wanted = want(table).filter((need) => !table.has(need.key));
    if (wanted.length === 0) break;
    for (const [key, result] of await session.read(wanted)) table.set(key, result);
    // A reader that leaves out a need must not cause an endless loop.
    for (const need of wanted)
      if (!table.has(need.key))
        table.set(need.key, {
          ok: false,
          code: "unsupported",
          message: `${need.describe} cannot be read in this version`,
        });
  }
  return table;
}
