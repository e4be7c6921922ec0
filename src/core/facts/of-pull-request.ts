import { defineFact, type Need } from "#core/model/fact.ts";

/** A fact of one pull request of the deployed range: what the same rule would ask of it by itself. */
export interface OfPullRequestParams {
  readonly number: number;
  readonly need: {
    readonly fact: string;
    readonly key: string;
    readonly params: unknown;
    readonly describe: string;
  };
}

export const ofPullRequest = defineFact<OfPullRequestParams, unknown>({
  name: "of_pull_request",
  summary: "A fact of one pull request of the deployed range.",
  // The rule that asks names the inner fact too, and listens to what changes that.
  changedBy: [],
  permissions: ["pull_requests"],
  cost: 3,
  describe: ({ number, need }) => `${need.describe} of #${number}`,
});

/** The need for a pull request's fact while a deployment is judged. It carries the type of the inner need. */
export function needOf<Value>(number: number, need: Need<Value>): Need<Value> {
  const { fact, key, params, describe } = need;
  // The inner need's key contains its parameters already.
  return {
    fact: ofPullRequest.name,
    key: `${ofPullRequest.name}:${number}:${key}`,
    params: { number, need: { fact, key, params, describe } },
    describe: `${describe} of #${number}`,
  };
}
