import type { RequiredCheckState } from "#core/required-check/state.ts";

/** Whether merges wait for our check run, for a page about the repository. */
export function requiredCheckMode(state: RequiredCheckState | null, branch: string): string {
  switch (state?.kind) {
    case undefined:
      return `Nobody has looked yet whether ${branch} requires the check gatehouse.`;
    case "pinned":
      return `${branch} requires the check gatehouse, from this App.`;
    case "unpinned":
      return `${branch} requires the check gatehouse, from any source: anybody who may write a status can pass it. Choose this App as its source in the ruleset.`;
    case "foreign":
      return `${branch} requires the check gatehouse from another App (${state.app}): this one's is not waited for.`;
    case "missing":
      return `${branch} does not require the check gatehouse${state.like === null ? "" : ` (it requires ${state.like})`}: what it says binds nobody. Require it in a ruleset, with this App as its source.`;
  }
}
