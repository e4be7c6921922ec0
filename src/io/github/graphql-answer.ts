import { z } from "zod";
import type { ZodType } from "zod";
import { GitHubError, GraphQLError } from "./github-error.ts";
import type { GraphQLProblem } from "./github-error.ts";

const shape = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        type: z.string().nullish(),
        message: z.string().nullish(),
        path: z.array(z.union([z.string(), z.number()])).nullish(),
      }),
    )
    .nullish(),
});

type Problems = NonNullable<z.infer<typeof shape>["errors"]>;

const pathOf = (problem: Problems[number]): string =>
  (problem.path ?? []).filter((part) => typeof part === "string").join(".");

/**
 * True for the one failure that has a limit behind it although the status is 200. Titles and bodies in the answer are
 * hostile: the word counts only as the type of an error.
 */
export function namesLimit(text: string): boolean {
  if (!text.includes("RATE_LIMIT")) return false;
  try {
    const errors = shape.safeParse(JSON.parse(text)).data?.errors ?? [];
    return errors.some(
      (problem) => problem.type === "RATE_LIMITED" || problem.type === "RATE_LIMIT",
    );
  } catch {
    return false;
  }
}

/**
 * The data of a GraphQL answer. With `errors` the data is partial and is refused as a whole: a null that means
 * "could not be read" looks just like one that means "there is none".
 */
export function readGraphQL<T>(
  json: unknown,
  schema: ZodType<T>,
  optional: readonly string[],
  partial = false,
): T {
  const answer = shape.safeParse(json);
  if (!answer.success)
    throw new GitHubError("invalid", "the answer is not a GraphQL answer", { status: 200 });
  const errors = answer.data.errors ?? [];
  // Where nothing at all was answered, nothing was asked well: that is no partial answer.
  const harmless =
    (partial && isObject(answer.data.data)) ||
    errors.every((problem) => problem.type === "NOT_FOUND" && optional.includes(pathOf(problem)));
  if (!harmless) {
    const problems: GraphQLProblem[] = errors.map((problem) => ({
      type: problem.type ?? null,
      path: pathOf(problem),
    }));
    throw new GraphQLError(
      `GraphQL: ${errors.map((problem) => problem.message ?? problem.type ?? "error").join("; ")}`,
      problems,
    );
  }
  return checked(schema, answer.data.data, "GraphQL");
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

/** Validates an answer at the border; the message names the place, never the value. */
export function checked<T>(schema: ZodType<T>, json: unknown, where: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const first = result.error.issues[0];
  throw new GitHubError(
    "invalid",
    `${where}: the answer is not what GitHub documents (at ${first?.path.map(String).join(".") || "the top"}: ${first?.message ?? "unreadable"})`,
  );
}
