import { z, type ZodType } from "zod";
import { GitHubError, GraphQLError, type GraphQLProblem } from "./github-error.ts";
import type { GraphQLCall } from "./requests.ts";

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
export const namesLimit = (data: unknown): boolean =>
  (shape.safeParse(data).data?.errors ?? []).some(({ type }) =>
    ["RATE_LIMITED", "RATE_LIMIT"].includes(type ?? ""),
  );

/** Octokit takes anything with `errors` in it for an answer: what is none is refused before. */
export function isGraphQL(data: unknown): boolean {
  return shape.safeParse(data).success;
}

/**
 * The data of a GraphQL answer with `errors`. It is partial and refused as a whole, for a null that means "could not be
 * read" looks just like one that means "there is none"; but where something may be missing, NOT_FOUND is an answer.
 */
export function dataOf(
  answer: unknown,
  { optional = [], partial = false }: Pick<GraphQLCall<unknown>, "optional" | "partial">,
): unknown {
  const { errors, data } = shape.parse(answer);
  // An answer without any data is a failed query and no partial answer.
  const isHarmless =
    (partial && typeof data === "object" && data !== null) ||
    (errors ?? []).every(
      (problem) => problem.type === "NOT_FOUND" && optional.includes(pathOf(problem)),
    );
  if (isHarmless) return data;
  const problems: readonly GraphQLProblem[] = (errors ?? []).map((problem) => ({
    type: problem.type ?? null,
    path: pathOf(problem),
  }));
  const said = (errors ?? []).map((problem) => problem.message ?? problem.type ?? "error");
  throw new GraphQLError(`GraphQL: ${said.join("; ")}`, problems);
}

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
