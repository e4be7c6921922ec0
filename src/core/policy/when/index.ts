import { branches, headBranches } from "./branches.ts";
import { environments, refs } from "./deployment.ts";
import { changedLines, onlyPaths, paths } from "./files.ts";
import { authorIs, contributors } from "./contributors.ts";
import { actors, authors } from "./people.ts";
import type { AnyPredicate } from "./predicate.ts";
import { draft, fork, labels, title, withoutLabels } from "./pull-request.ts";
import { properties, repositories } from "./repository.ts";

/** The single list of `when` predicates, cheapest first: an answer of false spares the facts of those below. */
export const predicateList: readonly AnyPredicate[] = [
  environments,
  refs,
  repositories,
  branches,
  headBranches,
  fork,
  draft,
  title,
  labels,
  withoutLabels,
  paths,
  onlyPaths,
  changedLines,
  properties,
  authors,
  contributors,
  authorIs,
  actors,
];
