import { checkRun, pressCheck, rerequestSuite, setStatus } from "./checks.ts";
import { comment, deleteComment, editComment, react } from "./comments.ts";
import { commit, createBranch, deleteBranch, push, tag } from "./commits.ts";
import { apiDeployment, deploy, deploymentStatus, finishDeployment, reviewDeployment, startWaitingJobs } from "./deployments.ts";
import { deleteEnvironment, environment } from "./environments.ts";
import { app, installApp, manifest, selectRepos, setPermissions, suspend, uninstall, unsuspend } from "./installations.ts";
import { openIssue, setIssueState } from "./issues.ts";
import { label, unlabel } from "./labels.ts";
import { dequeuePull, enqueuePull, mergeGroup } from "./merge-queue.ts";
import { collaborator, deleteTeam, org, orgMember, removeOrgMember, removeTeamMember, renameTeam, renameUser, team, teamMember, teamRepo, user_ } from "./people.ts";
import { closePull, markDraft, markReady, mergePull, reopenPull, updateBranch } from "./pull-lifecycle.ts";
import { editPull, openPull, requestReview } from "./pulls.ts";
import { archiveRepo, deleteRepo, editRepo, editRuleset, fork, renameRepo, repo, ruleset, setProperties, transferRepo } from "./repositories.ts";
import { dismissReview, editReview, resolveThread, review, thread, unresolveThread } from "./reviews.ts";
import { codeScan, dismissCodeAlert, scanning } from "./scans.ts";
import { attestation, dependabotAlert, dependencyChanges, secretAlert, setDependabotAlert, setSecretAlert } from "./supply-chain.ts";
import { addArtifact, job, rerun, workflowRun } from "./workflows.ts";

/** Everything a scenario can do, by name: methods of the simulator and `POST /_simulator/<name>` alike. */
export const actions = {
  org, user: user_, renameUser, orgMember, removeOrgMember, team, teamMember, removeTeamMember, renameTeam, deleteTeam, teamRepo, collaborator,
  app, installApp, uninstall, suspend, unsuspend, setPermissions, selectRepos, manifest,
  repo, fork, editRepo, renameRepo, transferRepo, archiveRepo, deleteRepo, setProperties, ruleset, editRuleset,
  commit, push, createBranch, deleteBranch, tag,
  openPull, editPull, requestReview, closePull, reopenPull, markDraft, markReady, mergePull, updateBranch,
  review, dismissReview, editReview, thread, resolveThread, unresolveThread,
  label, unlabel, comment, editComment, deleteComment, react, openIssue, setIssueState,
  checkRun, pressCheck, rerequestSuite, status: setStatus, workflowRun, job, rerun, artifact: addArtifact,
  enqueuePull, dequeuePull, mergeGroup,
  environment, deleteEnvironment, deploy, finishDeployment, deploymentStatus, apiDeployment, reviewDeployment, startWaitingJobs,
  scanning, codeScan, dismissCodeAlert, dependabotAlert, setDependabotAlert, dependencyChanges, secretAlert, setSecretAlert, attestation,
} as const;
