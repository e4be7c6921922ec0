import {
  buildSchema,
  parse,
  validate,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
} from "graphql";
import { schema as published } from "@octokit/graphql-schema";

let built: GraphQLSchema | null = null;

/** GitHub's published schema; built once, as it has some 1,500 types. */
export function schema(): GraphQLSchema {
  built ??= buildSchema(published.idl, { assumeValid: true, assumeValidSDL: true });
  return built;
}

type Read =
  | { readonly kind: "document"; readonly document: DocumentNode }
  | { readonly kind: "errors"; readonly errors: readonly GraphQLError[] };

const known = new Map<string, Read>();

/** Parses and validates a query against the published schema, remembering the answer. */
export function readQuery(query: string): Read {
  const found = known.get(query);
  if (found !== undefined) return found;
  const document = parse(query);
  const errors = validate(schema(), document);
  const read: Read =
    errors.length > 0 ? { kind: "errors", errors } : { kind: "document", document };
  if (known.size > 500) known.clear();
  known.set(query, read);
  return read;
}
