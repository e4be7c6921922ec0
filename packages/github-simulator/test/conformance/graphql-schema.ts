import { buildSchema, parse, validate, type GraphQLSchema } from "graphql";
import { schema as published } from "@octokit/graphql-schema";

let built: GraphQLSchema | null = null;

/** What GitHub's published schema finds wrong with a query; empty when nothing. */
export function checkGraphql(query: string): string[] {
  built ??= buildSchema(published.idl, { assumeValid: true, assumeValidSDL: true });
  try {
    return validate(built, parse(query)).map((error) => error.message);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
