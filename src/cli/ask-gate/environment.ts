import { environmentOfProcess } from "../../env.ts";

/** What a pipeline's environment says to anybody who asks the gate from there; the service's own settings are in `src/env.ts`. */
export interface DeployerEnvironment {
  /** GATEHOUSE_URL: where the gate is reached. */
  readonly url: string | undefined;
  /** GATEHOUSE_TOKEN: of `gatehouse token create`. */
  readonly token: string | undefined;
  /** Where a job of GitHub Actions asks for its own token; undefined elsewhere, or without `id-token: write`. */
  readonly jobToken: { readonly url: string; readonly bearer: string } | undefined;
  readonly repository: string | undefined;
  readonly sha: string | undefined;
}

/** GitHub Actions, Jenkins and GitLab say in variables of their own what is built. */
export function readDeployer(
  environment: Readonly<Record<string, string | undefined>>,
): DeployerEnvironment {
  const first = (...names: readonly string[]): string | undefined =>
    names.map((name) => environment[name]?.trim() ?? "").find((value) => value !== "");
  const url = first("ACTIONS_ID_TOKEN_REQUEST_URL");
  const bearer = first("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  return {
    url: first("GATEHOUSE_URL"),
    token: first("GATEHOUSE_TOKEN"),
    jobToken: url === undefined || bearer === undefined ? undefined : { url, bearer },
    repository: first("GITHUB_REPOSITORY"),
    sha: first("GITHUB_SHA", "GIT_COMMIT", "CI_COMMIT_SHA"),
  };
}

export const deployerOfProcess = (): DeployerEnvironment => readDeployer(environmentOfProcess());
