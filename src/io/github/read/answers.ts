import { errorFor } from "../client/classify.ts";
import { GitHubError } from "../client/github-error.ts";
import { isGraphQL } from "../client/graphql-answer.ts";
import { answerIn, requestOptions, unwrapped, type Asked, type Layer } from "./layer.ts";

/** Nearest to the wire: the text that came is read as JSON. Octokit's own reader looks for integers beyond 2^53 in every answer, which takes longer than all the rest. */
export const readJson: Layer = async (send, asked) => {
  const answer = await send(asked);
  if (typeof answer.data !== "string") return answer;
  const data = answer.data === "" ? undefined : parsed(answer.data, asked);
  if (requestOptions(asked).lane === "graphql" && !isGraphQL(data))
    throw new GitHubError("invalid", "the answer is not a GraphQL answer", { status: 200 });
  return { ...answer, data };
};

function parsed(text: string, { method, url }: Asked): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GitHubError("unavailable", `${method} ${pathOf(url)}: the answer is not JSON`);
  }
}

/** Farthest from the wire: every failure in our words. What HTTP libraries throw carries requests, and requests carry tokens (threat T43). */
export const inOurWords =
  (forgetInstallation: (installationId: number) => void): Layer =>
  async (send, asked) => {
    try {
      return await send(asked);
    } catch (error) {
      const answer = answerIn(error);
      if (answer === undefined) throw unwrapped(error);
      const ours = errorFor(answer.status, `${asked.method} ${pathOf(asked.url)}`, answer.data);
      const { as } = requestOptions(asked);
      if (ours.code === "gone" && as.kind === "installation") forgetInstallation(as.installationId);
      throw ours;
    }
  };

const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : url);
