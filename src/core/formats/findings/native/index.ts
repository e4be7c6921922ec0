import { bandit } from "./bandit.ts";
import { brakeman } from "./brakeman.ts";
import { cargoAudit } from "./cargo-audit.ts";
import { checkov } from "./checkov.ts";
import { dependencyCheck } from "./dependency-check.ts";
import { detectSecrets } from "./detect-secrets.ts";
import { eslint } from "./eslint.ts";
import { gitleaks } from "./gitleaks.ts";
import { gosec } from "./gosec.ts";
import { govulncheck } from "./govulncheck.ts";
import { grype } from "./grype.ts";
import { hadolint } from "./hadolint.ts";
import { kics } from "./kics.ts";
import { npmAudit } from "./npm-audit.ts";
import { osvScanner } from "./osv-scanner.ts";
import { pipAudit } from "./pip-audit.ts";
import type { NativeReader } from "./reader.ts";
import { safety } from "./safety.ts";
import { semgrep } from "./semgrep.ts";
import { snyk } from "./snyk.ts";
import { terrascan } from "./terrascan.ts";
import { tflint } from "./tflint.ts";
import { tfsec } from "./tfsec.ts";
import { trivy } from "./trivy.ts";
import { trufflehog } from "./trufflehog.ts";
import { yarnAudit } from "./yarn-audit.ts";
import { zizmor } from "./zizmor.ts";

/** The single list of native formats, in the order in which they are tried: the least particular shapes (those of tfsec and OSV-Scanner) last. */
export const nativeReaders: readonly NativeReader[] = [
  trivy,
  grype,
  snyk,
  npmAudit,
  yarnAudit,
  gosec,
  checkov,
  bandit,
  semgrep,
  gitleaks,
  trufflehog,
  detectSecrets,
  eslint,
  zizmor,
  brakeman,
  dependencyCheck,
  cargoAudit,
  govulncheck,
  safety,
  kics,
  terrascan,
  tflint,
  hadolint,
  pipAudit,
  tfsec,
  osvScanner,
];
