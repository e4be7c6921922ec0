import type { Actors } from "#core/model/actor.ts";
import { isReason } from "#core/overrides/reason.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { argumentText, commandSpan, commandText } from "#core/text/command-text.ts";
import { inert } from "#core/text/markdown.ts";
import { instant } from "#core/text/time.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { FreezeByPerson } from "#core/model/freeze.ts";
import { freezesInForce, isLifted, type Lifted } from "#core/deployments/freezes-in-force.ts";
import { actOf, saidBefore } from "./acts.ts";
import { firstName, firstWord } from "./arguments.ts";
import { grantTo, grantWords, mayStop, mayUse } from "./authority.ts";
import { done, refused, type Call, type Command, type Outcome } from "./command.ts";
import { environmentArgument } from "./environment-argument.ts";
import { isKnownEnvironment } from "./environment-rules.ts";
import { readTime, zoneOf } from "./time-argument.ts";

const freezersOf = (policy: EffectivePolicy): Actors => policy.freezers ?? { roles: ["maintain"] };
const grants: Command["grants"] = (policy) => [grantTo(freezersOf(policy))];

/** Who may freeze, and lift a freeze. */
export const freezersGrants = grants;

/** What somebody hears who may not. */
export const freezeRefusal = (
  command: "freeze" | "unfreeze",
  policy: EffectivePolicy,
  owner: string,
): string =>
  `Only ${grantWords(grants(policy), owner)} may ${command === "freeze" ? "freeze" : "lift a freeze"}.`;

interface Asked {
  readonly name: string;
  readonly from: number | null;
  readonly until: number | null;
  readonly reason: string;
}

/** `[as <name>] [from <t>] [until <t>] <reason>`, each once, in any order. */
function readAsked(
  text: string,
  environment: string,
  policy: EffectivePolicy,
): Asked | { readonly says: string } {
  const zone = zoneOf(policy, environment);
  let asked: Asked = { name: environment, from: null, until: null, reason: "" };
  let rest = text.trim();
  const said = new Set<string>();
  for (;;) {
    const { word, rest: after } = firstWord(rest);
    const key = word.toLowerCase();
    if (!["as", "from", "until"].includes(key) || said.has(key)) return { ...asked, reason: rest };
    said.add(key);
    if (key === "as") {
      const named = firstName(after);
      if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/.test(named.word))
        return {
          says: "The name of a freeze is letters, digits, dots, dashes and slashes: `as month-end`.",
        };
      asked = { ...asked, name: named.word };
      rest = named.rest;
      continue;
    }
    const time = readTime(after, zone, key === "from" ? "first" : "second");
    if (time === null)
      return {
        says: `After \`${key}\` comes an instant (\`2026-12-24T18:00Z\`), or a date and time in the zone ${inert(zone.id)} (\`2026-12-24 18:00\`).`,
      };
    asked = key === "from" ? { ...asked, from: time.at } : { ...asked, until: time.at };
    rest = time.rest;
  }
}

function makeFreeze(call: Call, environment: string, text: string): Outcome | undefined {
  const asked = readAsked(text, environment, call.policy);
  if ("says" in asked) return refused(asked.says);
  const { name, from, until, reason } = asked;
  const isOthers = sameEnvironment(name, environment) ? false : isKnownEnvironment(call, name);
  if (isOthers === undefined) return undefined;
  if (isOthers)
    return refused(
      `${inert(name)} is an environment: as the name of a freeze of ${inert(environment)} nobody could tell which is meant. Give the freeze another name.`,
    );
  if (!isReason(reason))
    return refused(
      `A freeze needs a reason: ${commandSpan("freeze", environment, "[as <name>] [from <t>] [until <t>] <reason>")}.`,
    );
  if (until !== null && until <= (from ?? call.now))
    return refused(`It would end ${instant(until)}, before it begins.`);
  const act = actOf(call, "freeze", {
    environment,
    name,
    reason,
    expiresAt: until,
    detail: { from, until },
  });
  const begin = from === null || from <= call.now ? "" : ` from ${instant(from)}`;
  const end =
    until === null
      ? ` until somebody says ${commandSpan("unfreeze", name, "<reason>")}`
      : ` until ${instant(until)}`;
  return done(
    [act],
    `❄️ ${inert(`@${call.actor.login}`)} froze ${inert(environment)}${name === environment ? "" : ` (${inert(name)})`}${begin}${end}: ${inert(reason, 600)}.`,
  );
}

export const freeze: Command = {
  name: "freeze",
  usage: "<environment> [as <name>] [from <t>] [until <t>] <reason>",
  summary: "Freezes an environment: nothing is deployed there until the freeze is over.",
  who: "the policy's `freezers`, else maintain",
  grants,
  run: (call) => {
    const { word, rest } = firstName(call.rest);
    const may = mayStop(call, grants(call.policy));
    if (may === undefined) return undefined;
    if (!may) return refused(freezeRefusal("freeze", call.policy, call.context.owner));
    // A pattern freezes environments that may come to be later; a plain name must be known, or a slip of the pen freezes nothing.
    if (/[*?[{]/.test(word) && /^[\x20-\x7e]{1,100}$/.test(word))
      return makeFreeze(call, word, rest);
    const environment = environmentArgument(call, call.rest);
    if (environment === undefined) return undefined;
    return "says" in environment
      ? refused(environment.says)
      : makeFreeze(call, environment.name, environment.rest);
  },
};

/** A freeze's name, or its environment's: in quotes, else the longest that is on. */
function freezeArgument(
  text: string,
  known: readonly string[],
): { readonly word: string; readonly rest: string } {
  const first = firstName(text);
  if (first.isQuoted) return first;
  const folded = text.trim().replaceAll(/[ \t]+/g, " ");
  const longest = known
    .filter((name) => `${folded} `.toLowerCase().startsWith(`${name.toLowerCase()} `))
    .sort((a, b) => b.length - a.length)[0];
  return longest === undefined
    ? first
    : { word: longest, rest: folded.slice(longest.length).trim() };
}

/** The freezes that a word means, and how it means them; null where it may be an environment or a freeze of another one. */
function freezesMeant(
  inForce: readonly FreezeByPerson[],
  word: string,
): { readonly lifted: Lifted; readonly found: readonly FreezeByPerson[] } | null {
  const there: Lifted = { environment: word, name: null };
  const called: Lifted = { environment: null, name: word };
  const inIt = inForce.filter((each) => isLifted(there, each));
  const named = inForce.filter((each) => isLifted(called, each));
  if (inIt.length === 0) return { lifted: called, found: named };
  return named.every((each) => inIt.includes(each)) ? { lifted: there, found: inIt } : null;
}

/** `<environment> as <name> …`: one freeze, as it was made. */
function oneFreeze(
  inForce: readonly FreezeByPerson[],
  word: string,
  rest: string,
): {
  readonly lifted: Lifted;
  readonly found: readonly FreezeByPerson[];
  readonly rest: string;
} | null {
  const as = firstWord(rest);
  if (as.word.toLowerCase() !== "as") return null;
  const name = firstName(as.rest);
  const lifted: Lifted = { environment: word, name: name.word };
  const found = inForce.filter((each) => isLifted(lifted, each));
  return found.length === 0 ? null : { lifted, found, rest: name.rest };
}

export const unfreeze: Command = {
  name: "unfreeze",
  usage: "<name or environment> [as <name>] <reason>",
  summary: "Lifts a freeze that somebody made with a command.",
  who: "the policy's `freezers`, else maintain",
  grants,
  run: (call) => {
    const may = mayUse(call, grants(call.policy));
    if (may === undefined) return undefined;
    if (!may) return refused(freezeRefusal("unfreeze", call.policy, call.context.owner));
    // What was said after this stands, though we heard of it before.
    const inForce = freezesInForce(saidBefore(call), call.now);
    const argument = freezeArgument(
      call.rest,
      inForce.flatMap((each) => [each.name, each.environment]),
    );
    const { word } = argument;
    const one = oneFreeze(inForce, word, argument.rest);
    const meant = one ?? freezesMeant(inForce, word);
    if (meant === null)
      return refused(
        `${inert(word, 60)} is an environment, and the name of a freeze of another one. Say which: ${inForce
          .filter(
            (each) =>
              isLifted({ environment: word, name: null }, each) ||
              isLifted({ environment: null, name: word }, each),
          )
          .map(
            (each) =>
              `\`${commandText("unfreeze", each.environment)} as ${argumentText(each.name)} <reason>\``,
          )
          .join(" or ")}.`,
      );
    const { lifted, found } = meant;
    const rest = one?.rest ?? argument.rest;
    if (found.length === 0) {
      const names = inForce.map((each) => inert(each.name));
      const isOfPolicy = call.policy.freezes.some(
        (each) => each.name.toLowerCase() === word.toLowerCase(),
      );
      if (isOfPolicy)
        return refused(
          `${inert(word)} is a freeze of the policy: it ends as the policy says, or by a change of the policy.`,
        );
      return refused(
        names.length === 0
          ? "No freeze made with `/gate freeze` is on."
          : `No freeze ${inert(word, 60)} is on. On are: ${names.join(", ")}.`,
      );
    }
    if (!isReason(rest))
      return refused(
        `Lifting a freeze needs a reason: ${commandSpan("unfreeze", word, "<reason>")}.`,
      );
    return done(
      [actOf(call, "unfreeze", { ...lifted, reason: rest, detail: { exact: true } })],
      `${inert(`@${call.actor.login}`)} lifted ${found.map((each) => inert(each.name)).join(", ")}: ${inert(rest, 600)}.`,
    );
  },
};
