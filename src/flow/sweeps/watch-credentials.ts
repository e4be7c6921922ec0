import { GatehouseError } from "#core/model/errors.ts";
import { unreachable } from "#core/render/unreachable.ts";
import type { CredentialsState } from "#core/ports/github.ts";
import type { Deps } from "#flow/deps.ts";

/** Asked again so soon while they are refused, or GitHub is silent: the person who mends it waits for it. */
const askAgainMs = 15_000;
/** A key may be withdrawn at any time. */
const stillKnownMs = 5 * 60_000;

export interface CredentialsWatch {
  /** As GitHub said lately; asks where that is too long ago. */
  readonly state: () => Promise<CredentialsState>;
  /** Whether GitHub refuses them: work that was refused while that is being asked waits for the answer. */
  readonly isRefused: () => Promise<boolean>;
}

/** Asks GitHub who we are, and says once, in one line, when it does not know us (again). */
export function createCredentialsWatch(
  deps: Pick<Deps, "github" | "clock" | "log" | "webUrl" | "appId">,
): CredentialsWatch {
  const { github, clock, log } = deps;
  let last: CredentialsState | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<CredentialsState> | null = null;
  let wasKnown = false;

  const refused: CredentialsState = {
    kind: "credentials",
    remedy: `GitHub at ${deps.webUrl} does not accept APP_ID ${deps.appId} with this private key: compare APP_ID with the App ID on the App's settings page, and make a new private key there (PRIVATE_KEY or PRIVATE_KEY_PATH) if in doubt; then restart.`,
  };
  const silent = (error: unknown): CredentialsState => {
    const network = error instanceof GatehouseError ? error.network : undefined;
    return {
      kind: wasKnown ? "known_unreachable" : "github_unreachable",
      remedy:
        network === undefined
          ? `GitHub at ${deps.webUrl} does not answer as it should: check GHE_HOST and GitHub's status; the work is kept.`
          : `${unreachable(new URL(deps.webUrl).host, network)} The work is kept.`,
    };
  };

  async function ask(): Promise<CredentialsState> {
    try {
      await github.appSlug();
      return { kind: "known", remedy: null };
    } catch (error) {
      return error instanceof GatehouseError && error.code === "unauthorized"
        ? refused
        : silent(error);
    }
  }

  function note(state: CredentialsState): CredentialsState {
    askedAt = clock.now();
    if (state.kind === "known") wasKnown = true;
    if (state.kind !== last?.kind) {
      if (state.kind === "credentials")
        log.error({ remedy: state.remedy }, "GitHub refuses our credentials: nothing is judged");
      else if (state.kind !== "known") log.warn({ remedy: state.remedy }, "GitHub does not answer");
      else if (last !== null) log.info({}, "GitHub knows our credentials (again)");
    }
    last = state;
    return state;
  }

  const state = (): Promise<CredentialsState> => {
    const age = clock.now() - askedAt;
    if (last !== null && age >= 0 && age < (last.kind === "known" ? stillKnownMs : askAgainMs))
      return Promise.resolve(last);
    asking ??= ask()
      .then(note)
      .finally(() => {
        asking = null;
      });
    return asking;
  };
  return { state, isRefused: async () => (await state()).kind === "credentials" };
}
