import { holdsInForce } from "#core/overrides/holds.ts";
import { actOf } from "./acts.ts";
import { grantWords, mayUse, toRole } from "./authority.ts";
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
    const may = mayUse(call, grants());
    if (may === undefined) return undefined;
    if (!may)
      return refused(`Only ${grantWords(grants(), call.place.owner)} may hold a pull request.`);
    return done([actOf(call, "hold", { reason: call.rest })]);
  },
};

/** Labels hold as well, and only taking them off lifts them. */
function left(call: Call): string | null {
  const labels = holdsInForce([], call.place.labels).flatMap(({ label }) => label ?? []);
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
    if (!may) return refused(`Only ${grantWords(grants(), call.place.owner)} may lift a hold.`);
    return done([actOf(call, "unhold", { reason: call.rest })], left(call));
  },
};
