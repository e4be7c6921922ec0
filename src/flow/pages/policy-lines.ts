import type { RuleSource } from "#core/model/decision.ts";
import { organizationRepository, policyPath, policyPlace } from "#core/policy/files.ts";
import type { PolicyFileState, PolicyStateInput } from "#core/policy/policy-state.ts";
import { ruleLines } from "#core/policy/rule-lines.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { repositoryOfFile } from "#flow/policy/repository-of-file.ts";
import type { Viewer } from "./viewer.ts";

/** The lines of a policy that say a rule, as they stood. */
export interface PolicyLines {
  /** "acme/shop .github/gatehouse.yml", or the name of a preset. */
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** The very lines at GitHub; null where the file is another one by now, or none of GitHub's. */
  readonly url: string | null;
}

interface Text {
  readonly file: string;
  readonly text: string;
  readonly url: string | null;
}

const textOf = (state: PolicyFileState): string | null =>
  state.current.kind === "text" ? state.current.text : state.lastGood;

/** Finds the lines of rules in the files that a decision was made of, as far as the viewer may read them. */
export async function policyLines(
  { store, webUrl }: Pick<Deps, "store" | "webUrl">,
  viewer: Viewer,
  repository: RepositoryRecord,
  files: PolicyStateInput,
): Promise<(rule: { readonly name: string; readonly source: RuleSource }) => PolicyLines | null> {
  const { records } = store;
  async function fileOf(of: RepositoryRecord, state: PolicyFileState): Promise<readonly Text[]> {
    const text = textOf(state);
    if (text === null) return [];
    const path = (await records.getValue(policyPlace(of.id))) ?? policyPath;
    const isSame = (await records.policy(of.id))?.text === text;
    const root = `${webUrl}/${of.owner}/${of.name}/blob/${of.defaultBranch}`;
    return [
      {
        file: `${of.owner}/${of.name} ${path}`,
        text,
        url: isSame ? `${root}/${path}` : null,
      },
    ];
  }
  const above = await records.repositoryByName(repository.owner, organizationRepository);
  const mayReadAbove = above !== null && (await viewer.mayRead(above));
  const readable = await Promise.all(
    [...files.extended].map(async (file) => {
      const of = await repositoryOfFile(records, file[0]);
      return of !== null && (await viewer.mayRead(of)) ? [file] : [];
    }),
  );
  const shared = [...files.presets, ...readable.flat()].map(([name, text]): Text => ({
    file: `preset ${name}`,
    text,
    url: null,
  }));
  const own = await fileOf(repository, files.own);
  const organization =
    files.organization === null || !mayReadAbove || above === null
      ? []
      : await fileOf(above, files.organization);
  return ({ name, source }) => {
    const texts = source === "organization" ? organization : own;
    for (const { file, text, url } of texts.length === 0 ? [] : [...texts, ...shared]) {
      const lines = ruleLines(text, name);
      if (lines !== null)
        return {
          file,
          ...lines,
          url: url === null ? null : `${url}#L${lines.from}-L${lines.to}`,
        };
    }
    return null;
  };
}
