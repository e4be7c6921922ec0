import { defineFact } from "#core/model/fact.ts";

export interface RepositoryFact {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
}

export const repository = defineFact<void, RepositoryFact>({
  name: "repository",
  summary: "The repository's name, owner and visibility.",
  changedBy: [
    "repository.renamed",
    "repository.transferred",
    "repository.publicized",
    "repository.privatized",
    "repository.edited",
    "repository.archived",
    "repository.unarchived",
  ],
  permissions: ["metadata"],
  cost: "overview",
  describe: () => "the repository",
});

/** Custom properties by name; a multi-select property is a list. */
export const customProperties = defineFact<
  void,
  Readonly<Record<string, string | readonly string[]>>
>({
  name: "custom_properties",
  summary: "The repository's custom property values.",
  changedBy: ["custom_property_values.updated", "repository.edited"],
  permissions: ["metadata"],
  cost: "shared",
  describe: () => "the repository's custom properties",
});

/** Names of the repository's environments. */
export const environments = defineFact<void, readonly string[]>({
  name: "environments",
  summary: "The names of the repository's environments.",
  changedBy: ["deployment.created"],
  permissions: ["actions"],
  cost: 3,
  describe: () => "the repository's environments",
});
