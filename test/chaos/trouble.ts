import type { Simulator } from "@gatehouse/github-simulator";
import type { Disturbance, Trouble } from "./disturbances.ts";

type Fault = Parameters<Simulator["fault"]>[0];

const kinds: Readonly<Record<Trouble, readonly Fault[]>> = {
  "500": [{ status: 500 }],
  "502": [{ status: 502, body: "<html><body>Bad Gateway</body></html>" }],
  forbidden: [{ status: 403, body: { message: "Resource not accessible by integration" } }],
  limited: [
    {
      status: 403,
      headers: { "retry-after": "1" },
      body: { message: "You have exceeded a secondary rate limit." },
    },
  ],
  throttled: [{ status: 429, headers: { "retry-after": "1" } }],
  hangs: [{ hang: true }],
  "answer lost": [{ loseAnswer: true }],
  slow: [{ delayMs: 3_000 }],
  partial: [
    { partialGraphql: { path: ["repository"] } },
    { partialGraphql: { path: ["repository", "pullRequest"] } },
    { partialGraphql: { path: ["search"] } },
  ],
};

const callsOf: Readonly<
  Record<
    (Disturbance & { readonly do: "trouble" })["calls"],
    readonly NonNullable<Fault["match"]>[]
  >
> = {
  reads: [{ method: "GET" }],
  writes: [
    { method: "POST", path: /^\/repos\// },
    { method: "PATCH", path: /^\/repos\// },
  ],
  graphql: [{ graphql: /./ }],
  all: [{}],
};

/** GitHub's API goes wrong for that many calls of each kind. */
export function makeTrouble(
  sim: Simulator,
  { trouble, calls, times }: Disturbance & { readonly do: "trouble" },
): void {
  const matches = trouble === "partial" ? callsOf.graphql : callsOf[calls];
  for (const fault of kinds[trouble])
    for (const match of matches) sim.fault({ ...fault, match, times });
}
