import { holdsInForce } from "#core/overrides/holds.ts";
import type { Act } from "#core/model/act.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { actOf, withActs } from "./acts.ts";
import { conditionIn } from "./condition.ts";
import { grantWords, mayStop, mayUse, toRole } from "./authority.ts";
import { done, refused, type Call, type Command } from "./command.ts";
import { inert } from "#core/text/markdown.ts";

const grants = (): ReturnType<Command["grants"]> => [toRole("triage")];

export const hold: Command = {
  name: "hold",
  usage: "[reason]",
  summary: "Holds this pull request: the gate waits until somebody lifts it.",
  who: "triage",
  grants,
  run: (call) => {
    // As in Prow: `/hold cancel` lifts it. With more words it is a reason.
    if (/^cancel[.!]?$/i.test(call.rest)) return unhold.run({ ...call, rest: "" });
    const may = mayStop(call, grants());
    if (may === undefined) return undefined;
    if (!may)
      return refused(`Only ${grantWords(grants(), call.context.owner)} may hold a pull request.`);
    const act = actOf(call, "hold", { reason: call.rest });
    return done([act], overtaken(call, act));
  },
};

/** What is heard late takes its place, and what was said after it stands: the person who said it hears so. */
function overtaken(call: Call, act: Act): string | null {
  const last = withActs(call, [act]).findLast(({ kind }) => kind === "hold" || kind === "unhold");
  return last === undefined || last.id === act.id
    ? null
    : `It was heard late: what ${inert(`@${last.actor.login}`)} said after it (${last.kind}) stands.`;
}

/** Labels hold as well, and only taking them off lifts them. */
function left(call: Call): string | null {
  const labels = holdsInForce([], call.context.labels).flatMap(({ label }) => label ?? []);
  return labels.length === 0
    ? null
    : `The hold is lifted; ${labels.map((label) => inert(label)).join(", ")} still stands on the pull request and holds it. Take the label off as well.`;
}

export const unhold: Command = {
  name: "unhold",
  usage: "",
  summary: "Lifts a hold.",
  who: "triage",
  grants,
  run: (call) => {
    const may = mayUse(call, grants());
    if (may === undefined) return undefined;
    if (!may) return refused(`Only ${grantWords(grants(), call.context.owner)} may lift a hold.`);
    const condition = conditionIn(call.rest);
    if (condition !== null)
      return refused(`${condition} Say ${commandSpan("unhold")} when the hold may be lifted.`);
    const act = actOf(call, "unhold", { reason: call.rest });
    return done([act], overtaken(call, act) ?? left(call));
  },
};
