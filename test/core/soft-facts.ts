import { ifReadable } from "#core/facts/if-readable.ts";
import { ofPullRequest } from "#core/facts/of-pull-request.ts";
import type { FactResult, FactTable } from "#core/model/fact.ts";

const mark = `${ifReadable.name}:`;

/** The table, in which a fact that only explains is told wherever the fact itself is, and is "not told" elsewhere. */
export function softTable(table: FactTable): FactTable {
  const answer = (key: string): FactResult<unknown> | undefined => {
    const told = table.get(key);
    const at = key.indexOf(mark);
    const isSoft = at === 0 || (at > 0 && key.startsWith(`${ofPullRequest.name}:`));
    if (told !== undefined || !isSoft) return told;
    const inner = table.get(`${key.slice(0, at)}${key.slice(at + mark.length)}`);
    return {
      ok: true,
      evidence: [],
      value:
        inner?.ok === true
          ? { told: true, value: inner.value }
          : { told: false, code: inner?.code ?? "unsupported" },
    };
  };
  return Object.assign(new Map(table), {
    get: answer,
    has: (key: string) => answer(key) !== undefined,
  });
}
