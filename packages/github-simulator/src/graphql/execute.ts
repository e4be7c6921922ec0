import {
  execute,
  GraphQLError,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLFormattedError,
} from "graphql";
import { object } from "../http/json.ts";
import { ok, Refusal, type Reply } from "../http/reply.ts";
import type { Call } from "../http/call.ts";
import type { Gql } from "./context.ts";
import { readQuery, schema } from "./schema.ts";
import { root } from "./root.ts";
import { shapes } from "./shapes.ts";

const resolveField: GraphQLFieldResolver<unknown, Gql> = (source, args, _g, info) => {
  if (typeof source !== "object" || source === null) return null;
  const value = (source as Record<string, unknown>)[info.fieldName];
  // Silence would look like GitHub saying null: what is not simulated says so.
  if (value === undefined)
    throw new GraphQLError(
      `simulator: ${info.parentType.name}.${info.fieldName} is not simulated`,
      { extensions: { type: "NOT_SIMULATED" } },
    );
  return typeof value === "function" ? (value as (args: unknown) => unknown)(args) : value;
};

function formatted(error: GraphQLError): Record<string, unknown> {
  const { message, locations, path, extensions }: GraphQLFormattedError = error.toJSON();
  const type = extensions?.["type"];
  return {
    ...(type === undefined ? {} : { type }),
    ...(path === undefined ? {} : { path }),
    ...(locations === undefined ? {} : { locations }),
    message,
  };
}

function answer(result: ExecutionResult): Reply {
  return ok({
    data: result.data ?? null,
    ...(result.errors === undefined ? {} : { errors: result.errors.map(formatted) }),
  });
}

/** Executes any query over the published schema. Mutations are refused: the App makes none. */
export async function executeGraphql(call: Call): Promise<Reply> {
  if (call.caller.kind === "anonymous")
    return new Refusal(401, "This endpoint requires you to be authenticated.").toReply();
  if (call.caller.kind === "app")
    return new Refusal(403, "Resource not accessible by integration").toReply();
  const query = call.body["query"];
  if (typeof query !== "string")
    return ok({
      errors: [{ message: "A query attribute must be specified and must be a string." }],
    });
  try {
    const read = readQuery(query);
    if (read.kind === "errors") return ok({ errors: read.errors.map(formatted) });
    const g: Gql = { world: call.world, call, shapes };
    const operationName = call.body["operationName"];
    const result = await execute({
      schema: schema(),
      document: read.document,
      rootValue: root(g),
      contextValue: g,
      variableValues: object(call.body["variables"]),
      ...(typeof operationName === "string" ? { operationName } : {}),
      fieldResolver: resolveField,
      typeResolver: (value) => {
        const name =
          typeof value === "object" && value !== null
            ? (value as Record<string, unknown>)["__typename"]
            : undefined;
        return typeof name === "string" ? name : undefined;
      },
    });
    return answer(result);
  } catch (error) {
    if (error instanceof GraphQLError) return ok({ errors: [formatted(error)] });
    throw error;
  }
}
