import { toolOfFileName } from "./tool-name.ts";

/** Whether an artifact's name says that it holds scan reports. */
export const isScanName = (name: string): boolean =>
  toolOfFileName(name) !== null || /sarif|scan|findings|security|sast|audit|vuln/i.test(name);

/** Words that tell of something else: what was built, for which machine, what tests left behind. */
const otherThings = new Set(
  `aab aarch64 amd64 android apk app apps arm arm64 armv7 asset assets bench benchmark benchmarks bin binaries binary build
  builds built bundle bundles cache compiled container coverage crash crate cypress darwin deb debug desktop dist distribution
  dmg docker docs documentation dump dumps e2e electron exe executable executables firmware gem github-pages gnu html image
  images installer installers ios ipa iso jar jars junit libs linux log logs mac macos models modules msi msvc musl node_modules
  nupkg oci output-app package packages pages pkg playwright preview profile profiles public release releases rootfs rpm sbom
  screenshot screenshots sdist server setup site static storybook test-reports test-results tests trace traces ubuntu video
  videos war wasm weights wheel wheels win win32 win64 windows www x64 x86 x86_64`
    .split(/\s+/u)
    .filter((word) => word !== ""),
);

/**
 * Whether an artifact that nobody opened may hold a scan report. Its name has to say that it is something else: what
 * cannot be told may be anything.
 */
export function mayHoldScan(name: string): boolean {
  if (isScanName(name)) return true;
  const plain = name.toLowerCase();
  if (otherThings.has(plain)) return false;
  const pairs = ["github-pages", "test-results", "test-reports", "node_modules", "x86_64"];
  if (pairs.some((pair) => plain.includes(pair))) return false;
  return !plain.split(/[^a-z0-9]+/u).some((word) => otherThings.has(word));
}
