import { z } from "zod";
import type { ChangedFile } from "#core/facts/pull-request.ts";

export const restFile = z.object({
  filename: z.string(),
  previous_filename: z.string().nullish(),
  status: z.enum(["added", "removed", "modified", "renamed", "copied", "changed", "unchanged"]),
  additions: z.number(),
  deletions: z.number(),
  /** Blob id; null for a submodule. */
  sha: z.string().nullish(),
  patch: z.string().nullish(),
});

export type RestFile = z.infer<typeof restFile>;

export function fromRestFile(file: RestFile): ChangedFile {
  return {
    path: file.filename,
    ...(typeof file.previous_filename === "string" ? { previousPath: file.previous_filename } : {}),
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
  };
}

export const graphqlFile = z.object({
  path: z.string(),
  changeType: z.enum(["ADDED", "CHANGED", "COPIED", "DELETED", "MODIFIED", "RENAMED"]),
  additions: z.number(),
  deletions: z.number(),
});

const statuses = {
  ADDED: "added",
  CHANGED: "changed",
  COPIED: "copied",
  DELETED: "removed",
  MODIFIED: "modified",
  RENAMED: "renamed",
} as const;

/** GraphQL does not say what a renamed file was called before: such a list is to be read from REST. */
export function lacksPreviousPath(file: z.infer<typeof graphqlFile>): boolean {
  return file.changeType === "RENAMED" || file.changeType === "COPIED";
}

export function fromGraphqlFile(file: z.infer<typeof graphqlFile>): ChangedFile {
  return {
    path: file.path,
    status: statuses[file.changeType],
    additions: file.additions,
    deletions: file.deletions,
  };
}
