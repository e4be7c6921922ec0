import { grantWords, mayStop, toRole } from "./authority.ts";
import { done, refused, type Command } from "./command.ts";

const grants = (): ReturnType<Command["grants"]> => [toRole("triage", { author: true })];

export const recheck: Command = {
  name: "recheck",
  usage: "",
  summary: "Judges this pull request again now.",
  who: "author, triage",
  grants,
  run: (call) => {
    const may = mayStop(call, grants());
    if (may === undefined) return undefined;
    return may
      ? done([])
      : refused(`Only ${grantWords(grants(), call.context.owner)} may ask for another judgement.`);
  },
};
