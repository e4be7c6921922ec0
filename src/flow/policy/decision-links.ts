import { organizationRepository, policyPath, policyPlace } from "#core/policy/files.ts";
import type { PolicyFileState, PolicyStateInput } from "#core/policy/policy-state.ts";
import { rulePlaces, type RulePlace } from "#core/policy/rule-lines.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { DecisionLinks } from "#core/render/decision-table.ts";
import type { Deps } from "#flow/deps.ts";

interface LinkedFile {
  readonly url: string;
  readonly rules: ReadonlyMap<string, RulePlace>;
}

const pathIn = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

/** Makes the links of decisions in a repository: the policy as it stands on its default branch, its rules, and commits. */
export function createDecisionLinks({ store, webUrl }: Pick<Deps, "store" | "webUrl">) {
  const { records } = store;
  const placesOf = new Map<string, ReadonlyMap<string, RulePlace>>();

  /** Finding the lines parses the file, and many subjects are judged by one. */
  function placesIn(text: string): ReadonlyMap<string, RulePlace> {
    const known = placesOf.get(text);
    if (known !== undefined) return known;
    if (placesOf.size > 500) placesOf.clear();
    const places = rulePlaces(text);
    placesOf.set(text, places);
    return places;
  }

  const rootOf = ({ owner, name }: Pick<RepositoryRecord, "owner" | "name">): string =>
    `${webUrl}/${owner}/${name}`;

  /** null: what judges is not what stands there now, so that its lines would lead elsewhere. */
  async function fileOf(
    of: RepositoryRecord,
    { current }: PolicyFileState,
  ): Promise<LinkedFile | null> {
    if (current.kind !== "text") return null;
    const path = (await records.getValue(policyPlace(of.id))) ?? policyPath;
    return {
      url: `${rootOf(of)}/blob/${pathIn(of.defaultBranch)}/${path}`,
      rules: placesIn(current.text),
    };
  }

  async function organizationFile(
    { owner }: RepositoryRecord,
    { organization, hidesOrganization }: PolicyStateInput,
  ): Promise<LinkedFile | null> {
    if (organization === null || hidesOrganization === true) return null;
    const above = await records.repositoryByName(owner, organizationRepository);
    return above === null ? null : fileOf(above, organization);
  }

  return async (repository: RepositoryRecord, files: PolicyStateInput): Promise<DecisionLinks> => {
    const own = await fileOf(repository, files.own);
    const organization = await organizationFile(repository, files);
    return {
      policy: (own ?? organization)?.url,
      rule: ({ name, source }) => {
        const file = source === "organization" ? organization : own;
        const lines = file?.rules.get(name);
        return file === null || lines === undefined
          ? undefined
          : `${file.url}#L${lines.from}-L${lines.to}`;
      },
      commit: (sha) =>
        /^[0-9a-f]{40,64}$/.test(sha) ? `${rootOf(repository)}/commit/${sha}` : undefined,
    };
  };
}
