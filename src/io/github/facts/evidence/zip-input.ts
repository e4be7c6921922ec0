/** An artifact as it was downloaded: a hostile zip. `digest` is GitHub's (`sha256:…`), checked before anything is opened. */
export interface ZipInput {
  readonly artifact: string;
  readonly digest: string | null;
  readonly bytes: Uint8Array;
}
