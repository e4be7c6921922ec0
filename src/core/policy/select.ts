import { isRepositoryNamed } from "#core/formats/repository-glob.ts";
import type { RepositorySelection } from "./selection-schema.ts";
import { hasProperties } from "./when/repository.ts";

/** The repository a policy is made for. `properties` null: they could not be read. */
export interface SelectedRepository {
  readonly owner: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, string | readonly string[]>> | null;
  /**
   * Earlier names under which it was judged in the same organisation, because an administrator of the repository
   * can rename it.
   */
  readonly earlierNames?: readonly string[] | undefined;
}

/** The name by which the policy selects it: its own, else one that it had; null: none. */
export function selectedAs(
  { names, except }: RepositorySelection,
  { owner, name, earlierNames = [] }: SelectedRepository,
): string | null {
  const isSelectedAs = (each: string): boolean =>
    (names === undefined || isRepositoryNamed(names, owner, each)) &&
    (except === undefined || !isRepositoryNamed(except, owner, each));
  return [name, ...earlierNames].find(isSelectedAs) ?? null;
}

/** Whether the organisation's policy applies here. `unknown`: that depends on custom properties nobody could read. */
export function isSelected(
  selection: RepositorySelection | undefined,
  repository: SelectedRepository,
): true | false | "unknown" {
  if (selection === undefined) return true;
  if (selectedAs(selection, repository) === null) return false;
  if (selection.properties === undefined) return true;
  return repository.properties === null
    ? "unknown"
    : hasProperties(repository.properties, selection.properties);
}

/** Whether custom properties are needed to tell. */
export function needsProperties(selection: RepositorySelection | undefined): boolean {
  return selection?.properties !== undefined;
}
