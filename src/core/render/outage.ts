import type { ApiOutage } from "#core/model/outage.ts";
import { instant } from "#core/text/time.ts";

/** An outage of GitHub's in one sentence, with what it means here and where GitHub speaks of it. */
export function outageWords({ api, since, failed, of }: ApiOutage, webUrl: string): string {
  const name = api === "rest" ? "REST" : "GraphQL";
  const place =
    webUrl === "https://github.com"
      ? "https://www.githubstatus.com says more"
      : `the people who run ${webUrl} know more`;
  return `GitHub's ${name} API has been in trouble since ${instant(since)} (${failed} of ${of} requests had no proper answer): what was said stands, work is kept and goes on by itself; ${place}.`;
}
