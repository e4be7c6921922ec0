import { sameEnvironment } from "#core/deployments/environment.ts";
import type { Act } from "#core/model/act.ts";
import type { Store } from "#core/ports/store.ts";

/**
 * The acts with which the buttons of a check run are shown, as we heard of them: those of the pull request, or those on the
 * deployed commit that speak of the environment. What is said about another environment makes no button of this one old.
 */
export async function actsBehind(
  store: Pick<Store, "acts">,
  repository: number,
  number: number | null,
  environment: string | null,
  sha: string,
): Promise<readonly Act[]> {
  if (environment === null)
    return number === null
      ? []
      : store.acts.find({ repository, pullRequest: number, asHeard: true });
  const acts = await store.acts.find({ repository, sha, asHeard: true });
  return acts.filter(
    (act) => act.environment !== null && sameEnvironment(act.environment, environment),
  );
}
