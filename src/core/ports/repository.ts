/** A repository as Gatehouse remembers it; names change, ids do not. */
export interface RepositoryRecord {
  readonly id: number;
  readonly installationId: number;
  readonly owner: string;
  readonly ownerId: number;
  readonly ownerType: "Organization" | "User";
  readonly name: string;
  readonly private: boolean;
  readonly archived: boolean;
  readonly defaultBranch: string;
  /** false once the installation was removed or suspended, or the repository deleted. */
  readonly active: boolean;
  /** Of a public one as the store has it: texts recorded before may be of a private time (epoch ms). Told by nobody else. */
  readonly publicSince?: number | undefined;
}
