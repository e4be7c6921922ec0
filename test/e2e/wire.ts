import type { SimulatorOptions } from "@gatehouse/github-simulator";
import { checkGraphql } from "@gatehouse/github-simulator/conformance/graphql-schema.ts";
import { checkRequest } from "@gatehouse/github-simulator/conformance/openapi.ts";

type Exchange = Parameters<NonNullable<SimulatorOptions["onExchange"]>>[0];

/** Listens to what the gate sends, to hold it against GitHub's descriptions afterwards. */
export interface Wire {
  readonly onExchange: (exchange: Exchange) => void;
  /** What GitHub's OpenAPI description and GraphQL schema find wrong with the requests heard; empty when nothing. */
  readonly problems: () => readonly string[];
  readonly heard: () => number;
}

/** Equal requests are kept once: a burst sends thousands. */
export function listenToWire(): Wire {
  const asked = new Map<string, Pick<Exchange, "method" | "url" | "path" | "requestBody">>();
  return {
    onExchange: ({ method, url, path, requestBody }) => {
      const body =
        typeof requestBody === "object" && requestBody !== null ? requestBody : undefined;
      const query =
        path === "/graphql" && body !== undefined && "query" in body ? String(body.query) : null;
      asked.set(query ?? `${method} ${url} ${JSON.stringify(requestBody)}`, {
        method,
        url,
        path,
        requestBody,
      });
    },
    problems: () =>
      [...asked.values()].flatMap(({ method, url, path, requestBody }) =>
        path === "/graphql"
          ? checkGraphql(String((requestBody as { readonly query?: unknown }).query))
          : checkRequest({
              method,
              url,
              ...(requestBody === undefined ? {} : { body: requestBody }),
            }),
      ),
    heard: () => asked.size,
  };
}
