import type { Decision, Enforcement } from "#core/model/decision.ts";
import type { JudgedQuestion } from "#core/model/deployment.ts";
import type { VerdictKind } from "#core/model/verdict.ts";
import { oneLine } from "#core/text/plain-text.ts";

/** What a deployer outside is told, as the API's JSON. Instants are ISO 8601. */
export interface GateAnswer {
  readonly decision: "allow" | "deny" | "hold";
  /** Names the decision in addresses; null: nothing could be judged yet. */
  readonly id: string | null;
  readonly title: string;
  readonly rules: readonly {
    readonly name: string;
    readonly verdict: VerdictKind;
    readonly enforcement: Enforcement;
    readonly found: string;
    readonly required: string;
    readonly next: string;
    readonly overridden_by: string | null;
  }[];
  /** When it may change by itself; null: that cannot be told. */
  readonly until: string | null;
  /** Only of a yes: it may be acted upon until then. */
  readonly valid_until: string | null;
  readonly url: string | null;
}

const kinds = { allow: "allow", deny: "deny", wait: "hold" } as const;
const instantOf = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString();

/** `decision`: the rules that were judged; null: none were. */
export function gateAnswer(
  judged: Pick<JudgedQuestion, "answer" | "title" | "changesAt">,
  decision: Decision | null,
  at: {
    readonly id: string | null;
    readonly url: string | null;
    readonly validUntil: number | null;
  },
): GateAnswer {
  return {
    decision: kinds[judged.answer],
    id: at.id,
    title: oneLine(judged.title, 600),
    rules: (decision?.rules ?? [])
      .filter(({ enforcement }) => enforcement !== "disabled")
      .map(({ name, verdict, enforcement, overridden }) => ({
        name,
        verdict: verdict.kind,
        enforcement,
        found: oneLine(verdict.found, 600),
        required: oneLine(verdict.required, 600),
        next: oneLine(verdict.next, 600),
        overridden_by: overridden?.by.login ?? null,
      })),
    until: instantOf(judged.changesAt),
    valid_until: judged.answer === "allow" ? instantOf(at.validUntil) : null,
    url: at.url,
  };
}
