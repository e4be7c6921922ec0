import { cookieName } from "../../http/cookies.ts";
import { decisionEndpoints } from "./decisions.ts";
import { gateEndpoint } from "./gate.ts";
import { placeEndpoints } from "./places.ts";
import { reportEndpoint } from "./report.ts";
import { list, object, text, type Group, type Schema } from "./schema.ts";

/** How the groups refuse, but for the gate: it says what to do next as well. */
const refusals: Readonly<Record<string, Schema>> = {
  Problems: object({ error: text, problems: list(object({ field: text, message: text })) }),
  Refusal: object({ error: text, message: text }),
};

const groups = [gateEndpoint, decisionEndpoints, placeEndpoints, reportEndpoint];

const named = (part: keyof Group): Readonly<Record<string, Schema>> =>
  Object.fromEntries(groups.flatMap((group) => Object.entries(group[part])));

/** The API as OpenAPI 3.1; `origin`: where this service is reached. */
export const openapi = (origin: string): Schema => ({
  openapi: "3.1.0",
  info: {
    title: "Gatehouse",
    version: "1",
    description: "What the pages show, as JSON, to those who may read the repository it is about.",
  },
  servers: [{ url: origin }],
  security: [{ token: [] }, { session: [] }],
  paths: named("paths"),
  components: {
    securitySchemes: {
      token: {
        type: "http",
        scheme: "bearer",
        description: "Of `npx --no -- gatehouse token create`.",
      },
      job: {
        type: "http",
        scheme: "bearer",
        bearerFormat: "JWT",
        description:
          "GitHub's OpenID Connect token of a job; audience: the address of this service.",
      },
      session: {
        type: "apiKey",
        in: "cookie",
        name: cookieName("gatehouse", origin),
        description: "Of signing in with a browser.",
      },
    },
    schemas: { ...refusals, ...named("schemas") },
  },
});
