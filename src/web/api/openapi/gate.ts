import {
  answer,
  list,
  object,
  of,
  orNull,
  query,
  text,
  type Group,
  type Schema,
} from "./schema.ts";

const iso: Schema = { type: "string", format: "date-time" };

/** The only question that changes something: it is on record from then on, and people may be asked. */
const gate: Schema = {
  post: {
    operationId: "askGate",
    summary:
      "Whether a commit may go to an environment, for deployers outside Actions' environments.",
    security: [{ job: [] }, { token: [] }],
    parameters: [query("wait", "0 to 600: hold the answer for so many seconds while it is hold")],
    requestBody: {
      required: true,
      content: { "application/json": { schema: of("GateQuestion") } },
    },
    responses: {
      "200": answer(
        "What the gate says. Whatever is not allow must not be deployed.",
        of("GateAnswer"),
      ),
      "401": answer("The token is of nobody that is known.", of("GateRefusal")),
      "403": answer("The token may not ask this.", of("GateRefusal")),
      "404": answer(
        "No policy governs such a repository here, or nothing waits any more.",
        of("GateRefusal"),
      ),
      "413": answer("The question has more than 16 KiB.", of("GateRefusal")),
      "422": answer("The question cannot be used.", of("GateProblems")),
      "429": answer("Too many questions; Retry-After says when to ask again.", of("GateRefusal")),
      "503": answer(
        "It could not be judged now; Retry-After says when to ask again.",
        of("GateRefusal"),
      ),
    },
  },
};

/** The question of deployers outside of Actions. */
export const gateEndpoint: Group = {
  paths: {
    "/api/v1/gate": gate,
  },
  schemas: {
    GateProblems: object({
      error: text,
      problems: list(object({ field: text, message: text })),
      next: text,
    }),
    GateRefusal: object({ error: text, message: text, next: text }),
    GateQuestion: {
      ...object(
        {
          repository: { type: "string", description: "owner/name" },
          sha: { type: "string", description: "The full commit SHA." },
          environment: text,
          ref: {
            type: "string",
            description: "The branch or tag; left out: the job's, or the default branch.",
          },
          digest: { type: "string", description: "The artifact that goes out, sha256:…" },
        },
        ["ref", "digest"],
      ),
      additionalProperties: false,
    },
    GateAnswer: object({
      decision: { enum: ["allow", "deny", "hold"] },
      id: orNull(text),
      title: text,
      rules: list(
        object({
          name: text,
          verdict: { enum: ["pass", "fail", "pending", "skipped", "unknown"] },
          enforcement: { enum: ["active", "evaluate"] },
          found: text,
          required: text,
          next: text,
          overridden_by: orNull(text),
        }),
      ),
      until: orNull({ ...iso, description: "When it may change by itself." }),
      valid_until: orNull({
        ...iso,
        description: "Of allow alone: it may be acted upon until then.",
      }),
      url: orNull(text),
    }),
  },
};
