import { bandit } from "./bandit.ts";
import { checkov } from "./checkov.ts";
import { eslint } from "./eslint.ts";
import { gitleaks } from "./gitleaks.ts";
import { gosec } from "./gosec.ts";
import { grype } from "./grype.ts";
import { npmAudit } from "./npm-audit.ts";
import { pipAudit } from "./pip-audit.ts";
import type { NativeReader } from "./reader.ts";
import { semgrep } from "./semgrep.ts";
import { snyk } from "./snyk.ts";
import { tfsec } from "./tfsec.ts";
import { trivy } from "./trivy.ts";
import { trufflehog } from "./trufflehog.ts";

/** The single list of native formats, in the order in which they are tried: the least particular shape (tfsec's) last. */
export const nativeReaders: readonly NativeReader[] = [trivy, grype, snyk, npmAudit, gosec, checkov, bandit, semgrep, gitleaks, trufflehog, eslint, pipAudit, tfsec];
