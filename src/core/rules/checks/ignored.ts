import type { CheckFact } from "#core/facts/checks.ts";
import { matchesAnyName, matchesName } from "#core/formats/glob.ts";
import { whyUntrusted, type PartsOfWorkflow } from "../kit/trust/workflow-parts.ts";
import { pinnedApp, reporter, whyIgnored } from "./eligible.ts";
import type { CheckState } from "./newest.ts";
import type { ChecksParams } from "./params.ts";

/** A name that no countable check answers to. `ignored`: why those of that name do not count. */
export interface Absent {
  readonly name: string;
  readonly ignored: readonly string[];
}

/** Name of a check and why it does not count. */
export type Ignored = readonly (readonly [name: string, why: string])[];

export function ignoredByName(
  foreign: readonly CheckFact[],
  states: readonly CheckState[],
  params: ChecksParams,
  parts: PartsOfWorkflow,
): Ignored {
  return [
    ...foreign.flatMap((check): Ignored => {
      const why =
        whyIgnored(check, params) ?? (params.trusted ? whyUntrusted(check.run?.path, parts) : null);
      return why === null ? [] : [[check.name, why]];
    }),
    ...states.flatMap((state): Ignored => {
      if (state.kind === "unproven")
        return [[state.check.name, "that no workflow job stands behind"]];
      return state.kind === "beside" ? [[state.check.name, state.why]] : [];
    }),
  ];
}

export function absent(glob: string, ignored: Ignored): Absent {
  return {
    name: glob,
    ignored: [
      ...new Set(ignored.filter(([name]) => matchesName(glob, name)).map(([, why]) => why)),
    ],
  };
}

/** Another app under a pinned check's name is worth a word even when all is green: somebody may be trying (threat T1). */
export function otherReporters(
  foreign: readonly CheckFact[],
  params: ChecksParams,
): readonly string[] {
  const app = pinnedApp(params.app);
  if (app === null || params.names === undefined) return [];
  const others = foreign.filter(
    (check) =>
      matchesAnyName(params.names ?? [], check.name) &&
      whyIgnored(check, { ...params, workflow: undefined }) !== null,
  );
  return [
    ...new Set(
      others.map(
        (check) =>
          `The check ${check.name} was also reported by ${reporter(check)}; only ${app} counts.`,
      ),
    ),
  ];
}
