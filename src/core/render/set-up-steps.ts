import { urlPart } from "#core/text/url-part.ts";
import type { RequiredCheckState } from "#core/required-check/state.ts";
import { requiredCheckMode } from "./required-check-words.ts";

/** Something that is still to be done: in words, where, and as a command of GitHub's own command line. */
export interface ToDo {
  readonly text: string;
  readonly url: string | null;
  readonly command: string | null;
}

/** A step of the set-up. `open`: it is to be done; `unknown`: it cannot be told now. */
export interface SetUpStep {
  readonly name:
    | "credentials"
    | "installed"
    | "delivery"
    | "policy"
    | "required_check"
    | "environments"
    | "health_sources";
  readonly state: "done" | "open" | "unknown";
  readonly title: string;
  readonly says: string;
  readonly toDo: readonly ToDo[];
}

export interface GitHubPlace {
  readonly webUrl: string;
  readonly appId: number;
}

const isGitHubs = (host: string): boolean => host === "github.com" || host.endsWith(".ghe.com");

/** GitHub's own command line asks github.com unless it is told. */
const ghApi = ({ webUrl }: GitHubPlace): string => {
  const { host } = new URL(webUrl);
  return host === "github.com" ? "gh api" : `gh api --hostname ${host}`;
};

/** Where the App is installed on an account. */
export const installUrl = (webUrl: string, slug: string): string =>
  `${webUrl}/${isGitHubs(new URL(webUrl).host) ? "apps" : "github-apps"}/${urlPart(slug)}/installations/new`;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** How merges onto the default branch come to wait for our check run. */
export function requireCheck(
  place: GitHubPlace,
  repository: string,
  branch: string,
  state: RequiredCheckState | null,
): ToDo {
  const ruleset = {
    name: "gatehouse",
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules: [
      {
        type: "required_status_checks",
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: "gatehouse", integration_id: place.appId }],
        },
      },
    ],
  };
  return {
    text: `${repository}: ${requiredCheckMode(state, branch)}`,
    url: `${place.webUrl}/${repository}/settings/rules/new?target=branch`,
    command: `echo ${quoted(JSON.stringify(ruleset))} | ${ghApi(place)} repos/${repository}/rulesets --method POST --input -`,
  };
}

/** How an environment comes to ask before it deploys. */
export function askBeforeDeploying(
  place: GitHubPlace,
  repository: string,
  environment: string,
): ToDo {
  return {
    text: `${repository}, ${environment}: switch Gatehouse on among its deployment protection rules.`,
    url: `${place.webUrl}/${repository}/settings/environments`,
    command: `${ghApi(place)} ${quoted(`repos/${repository}/environments/${urlPart(environment)}/deployment_protection_rules`)} --method POST -F integration_id=${place.appId}`,
  };
}
