import { createEtagCache } from "../client/etag-cache.ts";
import { answerIn, headerOf, requestOptions, type Layer } from "./layer.ts";

/** Set on an answer that GitHub only confirmed, and did not charge for. */
export const rememberedHeader = "x-remembered";

/** Answers that say in a header whether they are complete: a 304 confirms the body and may leave the header out. */
const saysMoreInHeaders = /\/dependency-graph\/compare\//;

/**
 * Asks whether an answer that is remembered still holds: a 304 costs no quota (docs.github.com, Best practices for using
 * the REST API). Installation and repository stand in the key, so that an answer for one tenant is never given to
 * another (threat T45).
 */
export function conditionally(maxBytes: number): Layer {
  const cache = createEtagCache(maxBytes);
  return async (send, asked) => {
    const { as, lane } = requestOptions(asked);
    if (
      asked.method !== "GET" ||
      as.kind === "app" ||
      lane !== "rest" ||
      saysMoreInHeaders.test(asked.url)
    )
      return send(asked);
    const { accept } = asked.headers;
    const key = `${as.installationId}:${as.repositoryId ?? "*"}:${asked.url}:${accept ?? ""}`;
    const cached = cache.get(key);
    const condition = cached === undefined ? {} : { "if-none-match": cached.etag };
    try {
      const answer = await send({ ...asked, headers: { ...asked.headers, ...condition } });
      const etag = headerOf(answer.headers, "etag");
      const link = headerOf(answer.headers, "link") ?? undefined;
      if (etag !== null && answer.status === 200 && typeof answer.data === "string")
        cache.set(key, { etag, text: answer.data, link });
      return answer;
    } catch (error) {
      const answer = answerIn(error);
      if (answer?.status !== 304 || cached === undefined) throw error;
      return {
        ...answer,
        status: 200,
        data: cached.text,
        headers: { link: cached.link, [rememberedHeader]: "true" },
      };
    }
  };
}
