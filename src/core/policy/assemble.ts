import type { PolicyContext } from "#core/rules/kit/rule.ts";
import { absentActors, absentNotices } from "./absent-names.ts";
import type { EffectivePolicy, EffectiveRule, PolicyNotice } from "./effective.ts";
import {
  inheritFreezes,
  inheritNamed,
  inheritOverrides,
  inheritRules,
  type InheritedRule,
} from "./inherit.ts";
import { makeLayer, type Layer, type LayerOptions } from "./layer.ts";
import type { AbsentName } from "./named.ts";
import { problemText, type Problem } from "#core/yaml/problem.ts";
import { bindRequirement } from "./requirement.ts";
import { renamedNotices } from "./renamed.ts";
import { isSelected, selectedAs, type SelectedRepository } from "./select.ts";
import { withoutPrivateTexts } from "./private-texts.ts";
import type { ParsedPolicy } from "./validate.ts";
import { problemAt } from "#core/yaml/source.ts";
import { bindWhen } from "./when/when.ts";

/**
 * What an effective policy is made of. `organization` is the policy of the organisation's `.github` repository (null
 * where there is none, and for that repository itself, whose own file it is); texts of presets and extended files are
 * given. `digest` stands for the contents of all of them (blob SHAs joined will do).
 */
export interface EffectiveInput {
  readonly repository: SelectedRepository;
  readonly organization: ParsedPolicy | null;
  readonly own: ParsedPolicy | null;
  /** The organisation's policy is in a private repository and this one is public, so its author's texts are not shown. */
  readonly hidesOrganization?: boolean | undefined;
  /**
   * Extended files (`org/repo:path@ref`) in private repositories while this one is public: their authors' texts are
   * not shown.
   */
  readonly hiddenFiles?: readonly string[] | undefined;
  readonly presets: ReadonlyMap<string, string>;
  readonly extended: ReadonlyMap<string, string>;
  readonly digest: string;
  /** Names in these policies that GitHub does not know, as of the last look; left out if there are none. */
  readonly absent?: readonly AbsentName[] | undefined;
}

export type EffectiveResult =
  | {
      readonly ok: true;
      readonly policy: EffectivePolicy;
      /** false: no policy applies to this repository (the organisation's selects others). */
      readonly governed: boolean;
    }
  | {
      readonly ok: false;
      readonly file: "organization" | "repository";
      readonly problems: readonly Problem[];
    };

/** Puts presets, organisation and repository together. Fails only where an extended file cannot be used. */
export function effectivePolicy(input: EffectiveInput): EffectiveResult {
  const { repository, presets, extended } = input;
  const options: LayerOptions = { presets, extended, hiddenFiles: input.hiddenFiles };
  const notices: PolicyNotice[] = [];
  let organization: Layer | null = null;
  if (input.organization !== null) {
    const made = makeLayer(input.organization, repository.owner, options);
    if (!made.ok) return { ok: false, file: "organization", problems: made.problems };
    const selection = made.layer.policy.repositories;
    const selected = isSelected(selection, repository);
    const as = selection === undefined ? null : selectedAs(selection, repository);
    if (as !== null && as !== repository.name && selected !== false)
      notices.push({
        file: "organization",
        problem: problemAt(
          input.organization.source.positions.ofKey(["repositories"]),
          "repositories",
          `the repository was renamed: this policy selects it as ${as}, and goes on to apply; to end that, list ${as} under except`,
          "warning",
        ),
        isAttempt: true,
      });
    if (selected === "unknown") {
      const place = input.organization.source.positions.ofKey(["repositories"]);
      notices.push({
        file: "organization",
        problem: problemAt(
          place,
          "repositories",
          "the repository's custom properties cannot be read, so the organisation's policy is taken to apply",
          "warning",
        ),
        isAttempt: false,
      });
    }
    const shown = input.hidesOrganization === true ? withoutPrivateTexts(made.layer) : made.layer;
    organization = selected === false ? null : shown;
  }
  let own: Layer | null = null;
  if (input.own !== null) {
    const made = makeLayer(input.own, repository.owner, options);
    if (!made.ok) return { ok: false, file: "repository", problems: made.problems };
    own = made.layer;
    if (own.policy.repositories !== undefined && input.organization !== null) {
      notices.push({
        file: "repository",
        problem: problemAt(
          input.own.source.positions.ofKey(["repositories"]),
          "repositories",
          "repositories is for the organisation's policy; it is ignored here",
          "warning",
        ),
        isAttempt: true,
      });
    }
  }
  return {
    ok: true,
    policy: assemble(organization, own, notices, input),
    governed: organization !== null || own !== null,
  };
}

function assemble(
  organization: Layer | null,
  own: Layer | null,
  before: readonly PolicyNotice[],
  input: EffectiveInput,
): EffectivePolicy {
  const { absent = [] } = input;
  const rules = inheritRules(organization, own);
  const overrides = inheritOverrides(organization, own);
  const windows = inheritNamed("windows", organization?.policy.windows, own, own?.policy.windows);
  const calendars = inheritNamed(
    "calendars",
    organization?.policy.calendars,
    own,
    own?.policy.calendars,
  );
  const freezes = inheritFreezes(organization, own);
  const waivers = organization?.policy.waivers ?? [];
  const quarantine = organization?.policy.quarantine ?? [];
  const allQuarantine = [...quarantine, ...(own?.policy.quarantine ?? [])];
  const allWaivers = [...waivers, ...(own?.policy.waivers ?? [])];

  const fromOrganization = {
    windows: new Set(Object.keys(organization?.policy.windows ?? {})),
    calendars: new Set(Object.keys(organization?.policy.calendars ?? {})),
    freezes: new Set((organization?.policy.freezes ?? []).map((freeze) => freeze.name)),
  };
  const shared = {
    owner: input.repository.owner,
    calendars: calendars.value,
    freezes: freezes.value,
    fromOrganization,
    // The agents of both count for every rule, for that takes rights away; `unprovenAgents` are exempted from nothing by it.
    agents: [...(organization?.policy.agents ?? []), ...(own?.policy.agents ?? [])],
    unprovenAgents: onlyBelow(organization?.policy.agents ?? [], own?.policy.agents ?? []),
    earlierNames: input.repository.earlierNames ?? [],
    ...(absent.length === 0 ? {} : { absent: absentActors(absent, input.repository.owner) }),
  };
  // An organisation's rule must not be softened by what a repository defines: it sees the organisation's windows, waivers and quarantine only.
  const contexts: Readonly<Record<InheritedRule["source"], PolicyContext>> = {
    organization: { ...shared, windows: organization?.policy.windows ?? {}, waivers, quarantine },
    repository: {
      ...shared,
      windows: windows.value,
      waivers: allWaivers,
      quarantine: allQuarantine,
    },
  };

  const inherited = [
    ...before,
    ...rules.notices,
    ...renamedNotices(organization, input.repository),
    ...overrides.notices,
    ...windows.notices,
    ...calendars.notices,
    ...freezes.notices,
    ...absentNotices(
      {
        organization: organization === null ? null : input.organization,
        own: input.own,
        extended: input.extended,
      },
      absent,
      input.repository.owner,
    ),
  ];
  const lint = [input.organization, input.own].flatMap((parsed, index) =>
    (parsed?.problems ?? []).map((problem): PolicyNotice => ({
      file: index === 0 ? "organization" : "repository",
      problem,
      isAttempt: false,
    })),
  );
  return {
    rules: rules.value.map(({ source, rule }) => bindRule(source, rule, contexts[source])),
    windows: windows.value,
    calendars: calendars.value,
    freezes: freezes.value,
    overrides: overrides.value,
    tickets: { ...own?.policy.tickets, ...organization?.policy.tickets },
    waivers: allWaivers,
    agents: shared.agents,
    freezers: organization?.policy.freezers ?? own?.policy.freezers ?? null,
    holdsUngoverned: [organization, own].some(
      (layer) => layer?.policy.ungoverned_environments === "hold",
    ),
    commands: { bare: own?.policy.commands?.bare ?? organization?.policy.commands?.bare ?? false },
    rollbackWorkflow:
      own?.policy.rollback?.workflow ?? organization?.policy.rollback?.workflow ?? null,
    backtestLast: own?.policy.backtest?.last ?? organization?.policy.backtest?.last ?? 50,
    notices: [...lint, ...inherited],
    warnings: inherited.map(
      ({ file, problem }) =>
        `${file === "organization" ? "organisation policy" : "policy"}, ${problem.line > 0 ? `line ${problem.line}: ` : ""}${problemText({ ...problem, line: 0 })}`,
    ),
    digest: input.digest,
  };
}

/** Logins that only the second list has. */
function onlyBelow(above: readonly string[], below: readonly string[]): readonly string[] {
  const known = new Set(above.map((login) => login.toLowerCase()));
  return below.filter((login) => !known.has(login.toLowerCase()));
}

function bindRule(
  source: InheritedRule["source"],
  { name, description, gates, enforcement, when, require, onFail }: InheritedRule["rule"],
  context: PolicyContext,
): EffectiveRule {
  return {
    name,
    description: description ?? "",
    source,
    gates: gates ?? [],
    enforcement: enforcement ?? "active",
    when: when === undefined || when === null ? null : bindWhen(when),
    requirement: bindRequirement(require),
    holdsOnFail: onFail === "hold",
    context,
  };
}
