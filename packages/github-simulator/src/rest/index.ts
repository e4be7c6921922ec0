import type { Route } from "../http/call.ts";
import { actionRoutes } from "./actions.ts";
import { appRoutes } from "./app.ts";
import { checkRunRoutes } from "./check-runs.ts";
import { checkSuiteRoutes } from "./check-suites.ts";
import { codeScanningRoutes } from "./code-scanning.ts";
import { codeownersRoutes } from "./codeowners.ts";
import { commentRoutes } from "./comments.ts";
import { commitRoutes } from "./commits.ts";
import { contentRoutes } from "./contents.ts";
import { deliveryRoutes } from "./deliveries.ts";
import { deploymentGateRoutes } from "./deployment-gates.ts";
import { deploymentRoutes } from "./deployments.ts";
import { environmentRoutes } from "./environments.ts";
import { gitRoutes } from "./git.ts";
import { issueRoutes } from "./issues.ts";
import { labelRoutes } from "./labels.ts";
import { peopleRoutes } from "./people.ts";
import { pullRoutes } from "./pulls.ts";
import { repoRoutes } from "./repos.ts";
import { statusRoutes } from "./statuses.ts";
import { sbomRoutes } from "./sbom.ts";
import { supplyChainRoutes } from "./supply-chain.ts";
import { timelineRoutes } from "./timeline.ts";
import { userAuthorizationRoutes } from "./user-authorization.ts";

/** Every REST route of the simulated GitHub. */
export const routes: readonly Route[] = [
  ...appRoutes,
  ...deliveryRoutes,
  ...repoRoutes,
  ...contentRoutes,
  ...codeownersRoutes,
  ...gitRoutes,
  ...commitRoutes,
  ...pullRoutes,
  ...checkRunRoutes,
  ...checkSuiteRoutes,
  ...statusRoutes,
  ...issueRoutes,
  ...commentRoutes,
  ...labelRoutes,
  ...timelineRoutes,
  ...peopleRoutes,
  ...actionRoutes,
  ...environmentRoutes,
  ...deploymentRoutes,
  ...deploymentGateRoutes,
  ...codeScanningRoutes,
  ...sbomRoutes,
  ...supplyChainRoutes,
  ...userAuthorizationRoutes,
];
