import { isRepositoryNamed } from "#core/formats/repository-glob.ts";
import type { RepositorySelection } from "./selection-schema.ts";
import { hasProperties } from "./when/repository.ts";

/** The repository a policy is made for. `properties` null: they could not be read. */
export interface SelectedRepository {
  readonly owner: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, string | readonly string[]>> | null;
}

/** Whether the organisation's policy applies here. `unknown`: that depends on custom properties nobody could read. */
export function isSelected(
  selection: RepositorySelection | undefined,
  repository: SelectedRepository,
): true | false | "unknown" {
  if (selection === undefined) return true;
  const { owner, name } = repository;
  if (selection.names !== undefined && !isRepositoryNamed(selection.names, owner, name))
    return false;
  if (selection.except !== undefined && isRepositoryNamed(selection.except, owner, name))
    return false;
  if (selection.properties === undefined) return true;
  return repository.properties === null
    ? "unknown"
    : hasProperties(repository.properties, selection.properties);
}

/** Whether custom properties are needed to tell. */
export function needsProperties(selection: RepositorySelection | undefined): boolean {
  return selection?.properties !== undefined;
}
