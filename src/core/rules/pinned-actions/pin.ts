/**
 * Why a `uses:` value is not pinned, or null when it is: local, a full commit SHA, or an image by digest.
 * A tag or branch is whatever its owner (or a thief of their token) makes of it tomorrow.
 */
export function whyNotPinned(value: string | null): string | null {
  if (value === null || value.trim() === "") return "names no action";
  const uses = value.trim();
  if (uses.startsWith("./")) return null;
  if (uses.startsWith("docker://"))
    return isDigest(uses) ? null : "is an image without its sha256 digest";
  const sign = uses.lastIndexOf("@");
  if (sign < 1) return "names no version";
  const ref = uses.slice(sign + 1);
  if (/^[0-9a-f]{40}$/iu.test(ref)) return null;
  return /^[0-9a-f]{7,39}$/iu.test(ref)
    ? "is pinned to a shortened commit SHA"
    : `follows ${ref}, which can be moved`;
}

const isDigest = (image: string): boolean => /@sha256:[0-9a-f]{64}$/iu.test(image);
