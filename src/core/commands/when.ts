import { answerWhen } from "../calendar/answer-when.ts";
import { freezesInForce } from "../rollout/freezes-in-force.ts";
import { inert } from "../render/markdown.ts";
import { instant } from "../render/time.ts";
import { firstWord } from "./arguments.ts";
import { toRole } from "./authority.ts";
import { answered, refused, type Command } from "./command.ts";
import { knownEnvironment } from "./environment-rules.ts";
import { environmentTimes } from "./environment-times.ts";

export const when: Command = {
  name: "when",
  usage: "<environment>",
  summary: "Says whether an environment is open now, why, and when that changes.",
  who: "read",
  grants: () => [toRole("read")],
  run: (call) => {
    const environment = knownEnvironment(call, firstWord(call.rest).word);
    if ("says" in environment) return refused(environment.says);
    const times = environmentTimes(call, environment.name);
    if (times === undefined) return undefined;
    const { open, because, next_change: next } = answerWhen(times.schedule, { environment: environment.name, at: call.now, windows: times.windows, freezes: times.freezes });
    const change = next === null ? "No change is in sight." : `That changes at ${instant(Date.parse(next))}.`;
    return answered([`**${inert(environment.name)}** is ${open ? "open" : "closed"} now: ${inert(because, 600)}. ${change}`, ...times.warnings.map((warning) => inert(warning, 600))].join("\n\n"));
  },
};

export const freezes: Command = {
  name: "freezes",
  usage: "",
  summary: "Lists the freezes of the policy, and those that people made.",
  who: "read",
  grants: () => [toRole("read")],
  run: (call) => {
    const ofPolicy = call.policy.freezes.map((freeze) => {
      const scope = [...(freeze.environments ?? []), ...(freeze.branches ?? []), ...(freeze.paths ?? []), ...(freeze.labels ?? []), ...(freeze.repositories ?? [])];
      return `- ${inert(freeze.name)} (policy)${scope.length === 0 ? "" : `, ${inert(scope.join(", "))}`}${freeze.reason === undefined ? "" : `: ${inert(freeze.reason, 600)}`}`;
    });
    const byPeople = freezesInForce(call.acts, call.now).map(
      (freeze) =>
        `- ${inert(freeze.name)}, ${inert(freeze.environment)}, by ${inert(`@${freeze.by.login}`)}${freeze.from > call.now ? ` from ${instant(freeze.from)}` : ""}${freeze.until === null ? ", until it is lifted" : ` until ${instant(freeze.until)}`}: ${inert(freeze.reason, 600)}`,
    );
    const lines = [...byPeople, ...ofPolicy];
    return answered(lines.length === 0 ? "There are no freezes." : lines.join("\n"));
  },
};
