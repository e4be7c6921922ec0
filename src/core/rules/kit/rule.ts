import type { ZodType } from "zod";
import type { WrittenCalendar, WrittenFreeze, WrittenWindow } from "#core/calendar/schema.ts";
import type { Waiver } from "#core/formats/findings/waivers.ts";
import type { Quarantined } from "#core/formats/tests/quarantine.ts";
import type { Event } from "#core/model/event.ts";
import type { Ask } from "#core/facts/ask.ts";
import type { FactTable, ListedFactRef } from "#core/model/fact.ts";
import type { Gate, Subject } from "#core/model/subject.ts";
import type { Verdict } from "#core/model/verdict.ts";
import type { Doubt } from "./doubt.ts";
import type { AskedPeople } from "./people/too-few.ts";

/** The surroundings of one judgement. `now` is epoch ms, frozen for the whole evaluation. */
export interface RuleContext<Params> {
  readonly params: Params;
  readonly subject: Subject;
  readonly policy: PolicyContext;
  readonly now: number;
}

/** The parts of the effective policy that requirements refer to by name. */
export interface PolicyContext {
  /** The organisation (or user) that owns the repository: what a bare team slug is relative to. */
  readonly owner: string;
  /** Windows, calendars and freezes by name, as far as this rule may see them: an organisation's rule sees the organisation's. */
  readonly windows?: Readonly<Record<string, WrittenWindow>> | undefined;
  readonly calendars?: Readonly<Record<string, WrittenCalendar>> | undefined;
  readonly freezes?: readonly WrittenFreeze[] | undefined;
  /** Names that the organisation's policy defines: calendar files that these name stand in its own repository. */
  readonly fromOrganization?:
    | {
        readonly windows: ReadonlySet<string>;
        readonly calendars: ReadonlySet<string>;
        readonly freezes: ReadonlySet<string>;
      }
    | undefined;
  /** Teams (as facts name them) and users, folded, that policies name and GitHub does not know; left out: none that is known. */
  readonly absent?:
    { readonly teams: ReadonlySet<string>; readonly users: ReadonlySet<string> } | undefined;
  /** Waivers that count for this rule: a repository's waivers do not soften the organisation's rules. */
  readonly waivers?: readonly Waiver[] | undefined;
  /** Coding agents that the policy lists beside those of the shipped list. */
  readonly agents?: readonly string[] | undefined;
  /** Those of `agents` that only the repository lists, for a rule of the organisation: it takes their rights, and lets nobody off. */
  readonly unprovenAgents?: readonly string[] | undefined;
  /** Names that the repository had before in the same organisation. */
  readonly earlierNames?: readonly string[] | undefined;
  /** Tests that may fail; a repository's list does not soften the organisation's rules. */
  readonly quarantine?: readonly Quarantined[] | undefined;
}

/** Parameters that name another part of the policy; `path` leads from the requirement's value to the name. */
export interface Reference {
  readonly to: "windows" | "calendars" | "freezes";
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/**
 * How a repository's value of one parameter compares with the organisation's: `tighter` and `same` are allowed under
 * `repositories_may: tighten`, `looser` is not. `beside`: it asks for more of less evidence, so that alone it could
 * hide what fails the organisation's value; both are asked for together then.
 */
export type Direction = "tighter" | "same" | "beside" | "looser";

/**
 * One requirement: the one shape of everything that stands under `require:`.
 * It declares the facts it needs and never fetches; it is total and pure, and handles no error: the verdict of a rule
 * that asked for a fact which cannot be read is `unknown`, whatever `judge` says.
 */
export interface Rule<Params> {
  /** The key under `require:`. */
  readonly name: string;
  /** One sentence for documentation and help. */
  readonly summary: string;
  /** The gates it can stand at; the first one is the default of `applies_to`. */
  readonly appliesTo: AppliesTo;
  readonly params: ZodType<Params>;
  /** Facts it may ask for with these parameters: it listens to what changes them, and asking for another is a defect. */
  readonly needs: (params: Params) => readonly ListedFactRef[];
  /**
   * Asks for facts and judges. A later question may follow from an earlier answer: it is run again after each round of
   * reading. `undefined` while an answer that it needs is missing.
   */
  readonly judge: Judge<Params>;
  /** Narrows the events that wake it: false for an event of its facts that cannot concern these parameters. */
  readonly isAffectedBy?: (event: Event, params: Params) => boolean;
  /** Compares a repository's parameters with the organisation's; left out, only equal parameters are no loosening. */
  readonly compare?: (organization: Params, repository: Params) => Direction;
  /** Lists of which more is tighter: under `tighten` both sides count together. `value`: the parameters are such a list themselves. */
  readonly joined?: readonly string[] | "value";
  /** Names of other parts of the policy among these parameters; a name that does not exist is a policy error. */
  readonly refersTo?: (params: Params) => readonly Reference[];
  /** How many approvals it needs and from whom: with fewer people it can never be met. */
  readonly asksPeople?: (params: Params) => readonly AskedPeople[];
  /** Health sources that it asks, by their names in the settings: one that nobody named there is never answered. */
  readonly asksSources?: (params: Params) => readonly string[];
  /** Why it may never be met here, as far as the facts of other pull requests tell. */
  readonly neverMet?: (params: Params, seen: readonly FactTable[]) => readonly string[];
  /** Parts of its parameters, as written, that are probably a mistake or can never be met. */
  readonly doubts?: (written: unknown) => readonly Doubt[];
  /** Text for the `required` column when it could not be judged. */
  readonly describe: (params: Params) => string;
}

export type AppliesTo = readonly [Gate, ...(readonly Gate[])];

export type Judge<Params> = (context: RuleContext<Params>, ask: Ask) => Verdict | undefined;

/** A rule whose parameters were checked by its own schema: what the list, the plan and the evaluation handle. */
export interface AnyRule {
  readonly name: string;
  readonly summary: string;
  readonly appliesTo: AppliesTo;
  readonly params: ZodType;
  readonly bind: (params: unknown) => BoundRule;
  readonly refersTo: (params: unknown) => readonly Reference[];
  readonly doubts: (written: unknown) => readonly Doubt[];
  readonly compare: (organization: unknown, repository: unknown) => Direction;
  readonly joined: readonly string[] | "value";
}

/** A rule with its parameters inside. */
export interface BoundRule {
  readonly name: string;
  readonly describe: string;
  readonly needs: readonly ListedFactRef[];
  readonly isAffectedBy: (event: Event) => boolean;
  readonly asksPeople: readonly AskedPeople[];
  readonly asksSources: readonly string[];
  readonly neverMet: (seen: readonly FactTable[]) => readonly string[];
  readonly judge: (context: Surroundings, ask: Ask) => Verdict | undefined;
}

/** What a rule judges in, its own parameters aside. */
export type Surroundings = Omit<RuleContext<unknown>, "params">;

/** Closes a typed rule over its own schema, so that no other code ever handles its parameters. */
export function defineRule<Params>(rule: Rule<Params>): AnyRule {
  return {
    name: rule.name,
    summary: rule.summary,
    appliesTo: rule.appliesTo,
    params: rule.params,
    bind: (raw) => {
      const params = rule.params.parse(raw);
      const needs = rule.needs(params);
      return {
        name: rule.name,
        describe: rule.describe(params),
        needs,
        isAffectedBy: (event) => rule.isAffectedBy?.(event, params) ?? true,
        asksPeople: rule.asksPeople?.(params) ?? [],
        asksSources: rule.asksSources?.(params) ?? [],
        neverMet: (seen) => rule.neverMet?.(params, seen) ?? [],
        judge: (context, ask) => rule.judge({ ...context, params }, onlyDeclared(needs, ask)),
      };
    },
    refersTo: (raw) => rule.refersTo?.(rule.params.parse(raw)) ?? [],
    doubts: (written) => rule.doubts?.(written) ?? [],
    compare: (organization, repository) => {
      const ours = rule.params.parse(organization);
      const theirs = rule.params.parse(repository);
      if (JSON.stringify(ours) === JSON.stringify(theirs)) return "same";
      return rule.compare?.(ours, theirs) ?? "looser";
    },
    joined: rule.joined ?? [],
  };
}

/** A rule may only ask for declared facts: otherwise its verdict would not be renewed when the fact changes. */
function onlyDeclared(declared: readonly ListedFactRef[], ask: Ask): Ask {
  const names = new Set(declared.map(({ name }) => name));
  return (need) => {
    if (!names.has(need.fact)) throw new Error(`it did not declare that it needs ${need.fact}`);
    return ask(need);
  };
}
