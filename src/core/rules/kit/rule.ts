import type { ZodType } from "zod";
import type { WrittenCalendar, WrittenFreeze, WrittenWindow } from "#core/calendar/schema.ts";
import type { Waiver } from "#core/formats/findings/waivers.ts";
import type { Event } from "#core/model/event.ts";
import type { KnownFacts, ListedFactRef, Need, ReadFacts } from "#core/model/fact.ts";
import type { Gate, Subject } from "#core/model/subject.ts";
import type { Verdict } from "#core/model/verdict.ts";

/** The surroundings of one judgement. `now` is epoch ms, frozen for the whole evaluation. */
export interface RuleContext<Params> {
  readonly params: Params;
  readonly subject: Subject;
  readonly policy: PolicyContext;
  readonly now: number;
}

/** The parts of the effective policy that requirements refer to by name. Grown by the issues that bring them. */
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
 * A rule declares its needs and never fetches; it judges only on facts that could be read; it is total and pure.
 */
export interface Rule<Params = unknown> {
  /** The key under `require:`. */
  readonly name: string;
  /** One sentence for documentation and help. */
  readonly summary: string;
  /** The gates it can stand at; the first list is the default of `applies_to`. */
  readonly gates: readonly Gate[];
  readonly defaultGates: readonly Gate[];
  readonly params: ZodType<Params>;
  /** Facts it may ask for with these parameters: what it listens to. `needs` stays within it. */
  readonly uses: (params: Params) => readonly ListedFactRef[];
  /** Facts it wants, given those known so far; asked again after each round of reading until it wants nothing new. */
  readonly needs: (
    context: RuleContext<Params> & { readonly known: KnownFacts },
  ) => readonly Need<unknown>[];
  readonly judge: (context: RuleContext<Params> & { readonly facts: ReadFacts }) => Verdict;
  /** Narrows what it listens to: false for an event of its facts that cannot concern these parameters. */
  readonly hears?: (event: Event, params: Params) => boolean;
  /** Compares a repository's parameters with the organisation's; left out, only equal parameters are no loosening. */
  readonly compare?: (organization: Params, repository: Params) => Direction;
  /** Lists of which more is tighter: under `tighten` both sides count together. `value`: the parameters are such a list themselves. */
  readonly joined?: readonly string[] | "value";
  /** Names of other parts of the policy among these parameters; a name that does not exist is a policy error. */
  readonly refersTo?: (params: Params) => readonly Reference[];
  /** Words for the `required` column when it could not be judged. */
  readonly describe: (params: Params) => string;
}

/** A rule whose parameters were checked by its own schema: what the list, the plan and the evaluation handle. */
export interface AnyRule {
  readonly name: string;
  readonly summary: string;
  readonly gates: readonly Gate[];
  readonly defaultGates: readonly Gate[];
  readonly params: ZodType;
  readonly bind: (params: unknown) => BoundRule;
  readonly refersTo: (params: unknown) => readonly Reference[];
  readonly compare: (organization: unknown, repository: unknown) => Direction;
  readonly joined: readonly string[] | "value";
}

/** A rule with its parameters inside. */
export interface BoundRule {
  readonly name: string;
  readonly describe: string;
  readonly uses: readonly ListedFactRef[];
  readonly hears: (event: Event) => boolean;
  readonly needs: (
    context: Omit<RuleContext<unknown>, "params"> & { readonly known: KnownFacts },
  ) => readonly Need<unknown>[];
  readonly judge: (
    context: Omit<RuleContext<unknown>, "params"> & { readonly facts: ReadFacts },
  ) => Verdict;
}

/** Closes a typed rule over its own schema, so that no other code ever handles its parameters. */
export function defineRule<Params>(rule: Rule<Params>): AnyRule {
  return {
    name: rule.name,
    summary: rule.summary,
    gates: rule.gates,
    defaultGates: rule.defaultGates,
    params: rule.params,
    bind: (raw) => {
      const params = rule.params.parse(raw);
      return {
        name: rule.name,
        describe: rule.describe(params),
        uses: rule.uses(params),
        hears: (event) => rule.hears?.(event, params) ?? true,
        needs: (context) => rule.needs({ ...context, params }),
        judge: (context) => rule.judge({ ...context, params }),
      };
    },
    refersTo: (raw) => rule.refersTo?.(rule.params.parse(raw)) ?? [],
    compare: (organization, repository) => {
      const ours = rule.params.parse(organization);
      const theirs = rule.params.parse(repository);
      if (JSON.stringify(ours) === JSON.stringify(theirs)) return "same";
      return rule.compare?.(ours, theirs) ?? "looser";
    },
    joined: rule.joined ?? [],
  };
}
