import type { Event } from "#core/model/event.ts";
import type { Subject } from "#core/model/subject.ts";
import { namesAsked, type NamingTexts } from "#core/policy/absent-names.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import {
  isOfBothPlaces,
  isOrganizationRepository,
  organizationRepository,
  policyPath,
} from "#core/policy/files.ts";
import { listens } from "#core/policy/plan.ts";
import {
  judgeablePolicy,
  wantedForPolicy,
  type BrokenFile,
  type PolicyFileState,
  type PolicyStateInput,
} from "#core/policy/policy-state.ts";
import { policyTouched } from "#core/policy/touched.ts";
import type { ParsedPolicy } from "#core/policy/validate.ts";
import type { PolicyRecord } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { RenderedDecision } from "#core/render/decision.ts";
import { brokenButJudging, renderBroken, renderGone, staleExtension } from "#core/render/policy.ts";
import type { Deps } from "#flow/deps.ts";
import { namesJob } from "#flow/jobs/repository-jobs.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { createAbsentNames } from "./absent-names.ts";
import { createReadExtended } from "./extended-texts.ts";
import { createSharedFiles, type SharedFiles } from "./shared-files.ts";
import { createEarlierNames } from "./earlier-names.ts";
import { createBesides, NotCached, type Asking } from "./besides.ts";
import { createOrganizationPolicy, type OrganizationPolicy } from "./organization-policy.ts";
import { createParse } from "./parsed-policies.ts";
import { createPolicyFile } from "./policy-file.ts";
import { repositoryOfFile } from "./repository-of-file.ts";

/** Blob SHAs of the policy files that judge: those of now, or of the last good ones where those of now cannot be used. */
export interface PolicyBlobs {
  readonly repository: string | null;
  readonly organization: string | null;
}

/** What a standing was made of, for the record. */
interface MadeOf {
  readonly files: PolicyStateInput;
  readonly blobs: PolicyBlobs;
}

/** What judges a repository now. `digest` stands for the contents of every file it was made of. */
export type ResolvedPolicy =
  | ({ readonly kind: "ungoverned" } & MadeOf)
  | ({
      readonly kind: "broken";
      readonly rendered: RenderedDecision;
      readonly digest: string;
    } & MadeOf)
  | ({
      readonly kind: "effective";
      readonly policy: EffectivePolicy;
      readonly notice: string | undefined;
      readonly label: string;
      readonly digest: string;
    } & MadeOf);

/** What judges a repository, without words. */
export type KnownPolicy =
  | { readonly kind: "ungoverned" | "broken" }
  | { readonly kind: "effective"; readonly policy: EffectivePolicy };

export interface Policies {
  /** Reads a policy that was never read, otherwise answers from what is remembered. */
  readonly of: (repository: RepositoryRecord) => Promise<ResolvedPolicy>;
  /** What judges a repository as far as it is remembered: costs no call to GitHub. null: it has to be asked for. */
  readonly known: (repository: RepositoryRecord) => Promise<KnownPolicy | null>;
  /** Whether any rule could answer differently after this event. Costs no call; true as long as the policy is not known. */
  readonly listens: (
    repository: RepositoryRecord,
    event: Event,
    kind?: Subject["kind"],
  ) => Promise<boolean>;
  /** Reads the policy file again; true when it is another one than before. `by`: who is said to have changed it, for the record. */
  readonly refresh: (repository: RepositoryRecord, by?: string | null) => Promise<boolean>;
  /** Whether policies of other repositories extend files of this one; costs no call. */
  readonly isShared: SharedFiles["isSource"];
  readonly sharedRenamed: SharedFiles["renamed"];
  /** Reads the files that others extend again, and wakes the repositories whose policies extend one that is another now. */
  readonly refreshShared: SharedFiles["refresh"];
  /** Compares blob SHAs seen on the way with what is remembered, and reads again where they differ; true when the policy changed. */
  readonly reviewHints: (
    repository: RepositoryRecord,
    hints: Readonly<Record<string, string | null>>,
  ) => Promise<boolean>;
  /** Looks whether what its policies name is there, where that is due; answers name it from then on. true: they are others than before. */
  readonly reviewNames: (repository: RepositoryRecord) => Promise<boolean>;
  /** Teams came or went: what was seen of them is no more believed. */
  readonly outdateNames: (repository: RepositoryRecord) => Promise<void>;
  /** The state of the policy files with another text in place of the repository's: what a change of policy would do. */
  readonly proposed: (
    repository: RepositoryRecord,
    text: string,
  ) => Promise<ReturnType<typeof judgeablePolicy>>;
  /** What the event says has changed is asked anew. */
  readonly forget: (
    change: Pick<Event, "name"> & { readonly repository: { readonly id: number } | null },
  ) => void;
  readonly forgetAll: () => void;
}

/** A hint that contradicts what is remembered is believed at most this often, so that a server without the hint costs little. */
const hintMs = 60_000;

function stateOf(record: PolicyRecord): PolicyFileState {
  return {
    current:
      record.obstacle !== null
        ? { kind: "obstacle", message: record.obstacle }
        : record.text === null
          ? { kind: "absent" }
          : { kind: "text", text: record.text },
    lastGood: record.lastGoodText,
    binding: record.binding,
  };
}

/** The organisation's file; where it cannot be read any more, nothing stands in its place. */
function organizationState(record: PolicyRecord, unseen: string | null): PolicyFileState {
  const state = stateOf(record);
  return unseen === null ? state : { ...state, current: { kind: "obstacle", message: unseen } };
}

/** Keeps the policies of all repositories: read by blob, judged by the last good one, never forgotten by deletion. */
export function createPolicies(deps: Deps): Policies {
  const { store, github, clock, presets, log } = deps;
  const { records } = store;
  const absentNames = createAbsentNames(deps);
  const earlierNames = createEarlierNames(records);
  const parse = createParse(presets);
  const file = createPolicyFile(deps, parse);
  const besides = createBesides(clock);
  const shared = createSharedFiles(deps, parse);
  const extendedBy = createReadExtended(deps, shared, parse);
  const effective = new Map<string, ReturnType<typeof judgeablePolicy>>();
  /** Installations of which the log says that no policy governs a repository of theirs. */
  const told = new Set<number>();
  /** Policies by repository and digest of which it is known whether their names were looked for. */
  const namesSeen = new Set<string>();

  /** The text of a file that judges. */
  const parsedOf = (record: PolicyRecord | null): ParsedPolicy | null => {
    const of = (text: string | null | undefined): ParsedPolicy | null =>
      text === null || text === undefined ? null : parse(text);
    return of(record?.text) ?? of(record?.lastGoodText);
  };

  /** The repository that holds the organisation's policy; null where the installation has none: what is public is not installed. */
  async function organizationOf(
    repository: RepositoryRecord,
    asking: Asking,
  ): Promise<RepositoryRecord | null> {
    const known = await records.repositoryByName(repository.owner, organizationRepository);
    if (known !== null && known.active && known.installationId === repository.installationId)
      return known;
    return besides.get(
      `organization:${repository.installationId}:${repository.owner.toLowerCase()}`,
      asking,
      async () => {
        const holder = await github.installationOf(repository.owner, organizationRepository);
        if (holder !== repository.installationId) return null;
        const found = await github.findRepository(
          repository.installationId,
          repository.owner,
          organizationRepository,
        );
        if (found !== null) await records.saveRepository(found);
        // After a rename GitHub leads from the old name to the new one: that is `.github` no more.
        return found !== null && isOrganizationRepository(found) ? found : null;
      },
    );
  }

  const above: Readonly<
    Record<Asking, (repository: RepositoryRecord) => Promise<OrganizationPolicy | null>>
  > = {
    asking: organizationPolicy("asking"),
    remembering: organizationPolicy("remembering"),
  };

  function organizationPolicy(
    asking: Asking,
  ): (repository: RepositoryRecord) => Promise<OrganizationPolicy | null> {
    return createOrganizationPolicy(deps, {
      find: (repository) => organizationOf(repository, asking),
      recordOf: (repository) => file.recordOf(repository, asking),
    });
  }

  async function propertiesOf(
    repository: RepositoryRecord,
    organization: string | null,
    asking: Asking,
  ): Promise<Readonly<Record<string, string | readonly string[]>> | null> {
    const policy = organization === null ? null : parse(organization);
    if (policy === null || !wantedForPolicy(policy).properties) return null;
    return besides.tryGet(`properties:${repository.id}`, asking, () =>
      github.customProperties(repository),
    );
  }

  const touched = new Map<number, string>();

  /** Names that the policy says are looked up anew once somebody touched one of its files, and not before. */
  async function noteTouched(
    repository: number,
    blobs: readonly (string | null | undefined)[],
  ): Promise<void> {
    const now = contentHash(blobs).slice(0, 16);
    if (touched.get(repository) === now) return;
    await records.setValue(policyTouched(repository), now);
    touched.set(repository, now);
  }

  /** Of extended files those that do not stand in a public repository, as far as is known. */
  async function privateFiles(files: readonly string[]): Promise<readonly string[]> {
    const shown = await Promise.all(
      files.map(async (file) => (await repositoryOfFile(records, file))?.private === false),
    );
    return files.filter((_, index) => shown[index] !== true);
  }

  async function judgeable(
    repository: RepositoryRecord,
    asking: Asking,
    proposal?: string,
  ): Promise<
    {
      readonly made: ReturnType<typeof judgeablePolicy>;
      readonly digest: string;
      /** What it extends and is judged by as it was last good. */
      readonly lastGood: readonly string[];
      readonly naming: NamingTexts;
      /** The repository whose file is the organisation's policy. */
      readonly holder: number | undefined;
    } & MadeOf
  > {
    const organization = await above[asking](repository);
    const over = organization?.record ?? null;
    const unseen = organization?.unseen ?? null;
    const recorded = await file.recordOf(repository, asking);
    const own: PolicyRecord =
      proposal === undefined
        ? recorded
        : {
            ...recorded,
            blobSha: contentHash(proposal),
            text: proposal,
            obstacle: null,
            lastGoodText: null,
          };
    const holder = proposal === undefined ? own.repository : undefined;
    const texts = [
      { text: over?.text ?? null, holder: over?.repository },
      { text: over?.lastGoodText ?? null, holder: over?.repository },
      { text: own.text, holder },
      { text: own.lastGoodText, holder },
    ];
    const { extended, lastGood } = await extendedBy(repository, texts, asking);
    const properties = await propertiesOf(
      repository,
      over?.text ?? over?.lastGoodText ?? null,
      asking,
    );
    // A repository that is not known (any more) is taken to be private.
    const hidesOrganization =
      over !== null &&
      !repository.private &&
      (await records.repository(over.repository))?.private !== false;
    const hiddenFiles = repository.private ? [] : await privateFiles([...extended.keys()]);
    const naming: NamingTexts = {
      organization: parsedOf(over),
      own: parsedOf(own),
      extended,
    };
    const missing =
      proposal === undefined
        ? await absentNames.cached(repository)
        : await absentNames.look(repository, namesAsked(naming, repository.owner));
    const earlier = over === null ? [] : await earlierNames(repository);
    const parts = [
      over?.blobSha,
      over?.lastGoodBlobSha,
      over?.binding,
      over?.obstacle,
      unseen,
      lastGood,
      own.blobSha,
      own.lastGoodBlobSha,
      own.binding,
      own.obstacle,
      repository.owner,
      repository.name,
      ...(earlier.length === 0 ? [] : [earlier]),
      hidesOrganization,
      ...(hiddenFiles.length === 0 ? [] : [hiddenFiles]),
      [...extended],
      properties,
      ...missing,
    ];
    const digest = contentHash(parts).slice(0, 16);
    if (proposal === undefined) await noteTouched(repository.id, [over?.blobSha, own.blobSha]);
    const files: PolicyStateInput = {
      repository: {
        owner: repository.owner,
        name: repository.name,
        properties,
        ...(earlier.length === 0 ? {} : { earlierNames: earlier }),
      },
      organization: over === null ? null : organizationState(over, unseen),
      own: stateOf(own),
      ...(hidesOrganization ? { hidesOrganization } : {}),
      ...(hiddenFiles.length === 0 ? {} : { hiddenFiles }),
      presets,
      extended,
      digest,
      ...(missing.length === 0 ? {} : { absent: missing }),
    };
    const known = effective.get(digest);
    const made = known ?? judgeablePolicy(files);
    if (known === undefined) {
      if (effective.size > 2000) effective.clear();
      effective.set(digest, made);
    }
    const blobOf = (record: PolicyRecord | null, whose: BrokenFile["file"]): string | null =>
      made.kind === "effective" && made.broken.some((broken) => broken.file === whose)
        ? (record?.lastGoodBlobSha ?? null)
        : (record?.blobSha ?? null);
    return {
      made,
      digest,
      lastGood,
      files,
      naming,
      holder: over?.repository,
      blobs: { repository: blobOf(own, "repository"), organization: blobOf(over, "organization") },
    };
  }

  async function placeOf(
    repository: RepositoryRecord,
    whose: BrokenFile["file"],
    holder: number | undefined,
  ): Promise<{ readonly repository: string; readonly path: string; readonly branch: string }> {
    const name = whose === "organization" ? organizationRepository : repository.name;
    return {
      repository: `${repository.owner}/${name}`,
      path: await file.placeOf(
        whose === "organization" && holder !== undefined ? holder : repository.id,
      ),
      branch: whose === "organization" ? "default branch" : repository.defaultBranch,
    };
  }

  /** Once for each installation: who installs the App and writes no policy wonders why nothing happens. */
  function tellUngoverned({ installationId, owner, name }: RepositoryRecord): void {
    if (told.has(installationId)) return;
    told.add(installationId);
    log.info(
      { repository: `${owner}/${name}` },
      `no policy governs ${owner}/${name}, so nothing is checked there: add ${policyPath} to its default branch (for example "extends: gatehouse:recommended"), or to ${owner}/${organizationRepository} for every repository`,
    );
  }

  /** What a policy names is looked for once it judges, and never on the way of what is judged. */
  async function lookLater(
    repository: RepositoryRecord,
    digest: string,
    naming: NamingTexts,
  ): Promise<void> {
    const key = `${repository.id}:${digest}`;
    if (namesSeen.has(key)) return;
    if (namesSeen.size > 2000) namesSeen.clear();
    namesSeen.add(key);
    if (await absentNames.areNew(repository, namesAsked(naming, repository.owner)))
      await store.queue.mark([namesJob.item({ repository: repository.id }, clock.now())]);
  }

  async function of(repository: RepositoryRecord): Promise<ResolvedPolicy> {
    const { made, digest, files, blobs, lastGood, naming, holder } = await judgeable(
      repository,
      "asking",
    );
    switch (made.kind) {
      case "ungoverned":
        tellUngoverned(repository);
        return { ...made, files, blobs };
      case "broken": {
        const place = await placeOf(repository, made.file, holder);
        return {
          kind: "broken",
          files,
          blobs,
          digest,
          rendered:
            made.reason === "removed" ? renderGone(place) : renderBroken(place, made.problems),
        };
      }
      case "effective": {
        await lookLater(repository, digest, naming);
        const broken = made.broken[0];
        return {
          kind: "effective",
          files,
          blobs,
          policy: made.policy,
          notice:
            broken === undefined
              ? staleExtension(lastGood)
              : brokenButJudging(await placeOf(repository, broken.file, holder), broken.problems),
          label: `policy ${digest.slice(0, 7)} of ${repository.owner}/${repository.name}`,
          digest,
        };
      }
    }
  }

  async function known(repository: RepositoryRecord): Promise<KnownPolicy | null> {
    if ((await records.policy(repository.id)) === null) return null;
    try {
      return (await judgeable(repository, "remembering")).made;
    } catch (error) {
      // What was remembered is too old to rely on: who judges asks.
      if (error instanceof NotCached) return null;
      throw error;
    }
  }

  async function listensTo(
    repository: RepositoryRecord,
    event: Event,
    kind: Subject["kind"] = "pull_request",
  ): Promise<boolean> {
    const made = await known(repository);
    if (made === null || made.kind === "broken") return true;
    return made.kind === "effective" && listens(made.policy, event, kind);
  }

  return {
    of,
    known,
    listens: listensTo,
    refresh: async (repository, by = null) => {
      besides.forget(`properties:${repository.id}`);
      besides.forget(`organization:${repository.installationId}:${repository.owner.toLowerCase()}`);
      return file.read(repository, by);
    },
    isShared: shared.isSource,
    sharedRenamed: shared.renamed,
    refreshShared: shared.refresh,
    reviewHints: async (repository, hints) => {
      const record = await records.policy(repository.id);
      if (record === null || !("repository" in hints) || hints["repository"] === record.blobSha)
        return false;
      const blob = hints["repository"] ?? null;
      // What stands there and is no regular file has no blob to compare; two places have.
      if (
        record.obstacle !== null &&
        blob !== null &&
        !isOfBothPlaces(record.blobSha) &&
        !isOfBothPlaces(blob)
      )
        return false;
      return clock.now() - record.checkedAt < hintMs && hints["repository"] === null
        ? false
        : file.read(repository);
    },
    reviewNames: async (repository) => {
      const { made, naming } = await judgeable(repository, "asking");
      return absentNames.review(
        repository,
        made.kind === "effective" ? namesAsked(naming, repository.owner) : [],
      );
    },
    outdateNames: absentNames.outdate,
    proposed: async (repository, text) => (await judgeable(repository, "asking", text)).made,
    forget: ({ name, repository }) => {
      if (name.startsWith("custom_property_values") && repository !== null)
        besides.forget(`properties:${repository.id}`);
    },
    forgetAll: () => {
      effective.clear();
      besides.forgetAll();
    },
  };
}
