/**
 * The programme generator. What the store has to know beyond Apple's schema:
 *
 * Relationships are named on the side that owns them in `relations.ts`. Pseudo-relationships, which Apple's
 * schema of the type does not have: `app` of betaFeedback…Submissions and buildUploads; `build` of buildIcons,
 * buildBundles and diagnosticSignatures; `buildUpload` of buildUploadFiles; `betaGroup` of betaRecruitmentCriteria;
 * `buildBundle` of buildBundleFileSizes and betaAppClipInvocations; `betaAppClipInvocation` of
 * betaAppClipInvocationLocalizations; `appEncryptionDeclaration` of appEncryptionDeclarationDocuments;
 * `backgroundAssetVersion` of backgroundAssetUploadFiles.
 *
 * Groups with hasAccessToAllBuilds list the builds they hold at the epoch; the store adds later ones.
 * Builds carry Pacific offsets, everything else UTC: sort by instant, not as text.
 * Screenshot `url` and `expirationDate` are placeholders that the store signs anew.
 * A crash submission without a log gives '' from crashLog: answer 404 or a null logText.
 */
import { type AppModel, appIdAt, modelApp } from './app-model';
import { appSeeds } from './app-seeds';
import { emptyMetrics, perfPowerMetricsFor } from './builds/performance';
import { crashLogFor } from './crashes/crash-log';
import { diagnosticLogsFor } from './crashes/diagnostics';
import { drawFeedback, drawNextFeedback, type FeedbackItem, feedbackSeed } from './crashes/feedback';
import { appSeed, criterionOptionSeed, userSeeds } from './people/team';
import { countIn, nextTesterSeed, testerSeeds } from './people/testers';
import { drawLinkDays, drawUsage } from './people/usage';
import { drawIcon } from './pictures/icon';
import { drawScreenshot } from './pictures/screenshot';
import { planOf } from './plan';
import type { Programme, ProgrammeOptions, Seed } from './types';

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

class GeneratedProgramme implements Programme {
  readonly options: ProgrammeOptions;
  readonly #apps: ReadonlyMap<string, number>;
  readonly #models = new Map<string, AppModel>();
  /** The last app asked for: its feedback is wanted by `feedback` and `usage` alike. */
  #latestFeedback: { appId: string; items: FeedbackItem[] } | null = null;

  constructor(options: ProgrammeOptions) {
    this.options = options;
    const count = planOf(options.size).apps;
    this.#apps = new Map(Array.from({ length: count }, (_, index) => [appIdAt(options, index), index]));
  }

  #model(appId: string): AppModel {
    const known = this.#models.get(appId);
    if (known) return known;
    const index = this.#apps.get(appId);
    if (index === undefined) throw new RangeError(`the programme has no app ${appId}`);
    const model = modelApp(this.options, index);
    this.#models.set(appId, model);
    return model;
  }

  #everyModel(): AppModel[] {
    return [...this.#apps.keys()].map((appId) => this.#model(appId));
  }

  #feedback(appId: string): FeedbackItem[] {
    if (this.#latestFeedback?.appId !== appId) {
      this.#latestFeedback = { appId, items: drawFeedback(this.#model(appId)) };
    }
    return this.#latestFeedback.items;
  }

  #modelOfGroup(groupId: string): AppModel | undefined {
    return this.#everyModel().find((model) => model.groups.some((group) => group.id === groupId));
  }

  #modelOf(submission: Seed): AppModel {
    return this.#model(textOf(submission.relationships.app));
  }

  team(): readonly Seed[] {
    return [
      ...this.#everyModel().map(appSeed),
      ...userSeeds(this.options),
      criterionOptionSeed(this.options),
    ];
  }

  app(appId: string): readonly Seed[] {
    return appSeeds(this.#model(appId));
  }

  testerCount(appId: string): number {
    return this.#model(appId).plan.testers;
  }

  groupTesterCount(groupId: string): number {
    const model = this.#modelOfGroup(groupId);
    return model ? countIn(model, groupId) : 0;
  }

  testers(appId: string): readonly Seed[] {
    return testerSeeds(this.#model(appId));
  }

  feedback(appId: string): readonly Seed[] {
    const model = this.#model(appId);
    return this.#feedback(appId).map((item) => feedbackSeed(model, item));
  }

  crashLog(submission: Seed): string {
    return crashLogFor(this.#modelOf(submission), submission);
  }

  screenshot(submission: Seed, index: number): Uint8Array {
    return drawScreenshot(this.#modelOf(submission), submission, index);
  }

  icon(appId: string): Uint8Array | null {
    return this.#apps.has(appId) ? drawIcon(this.#model(appId).brand) : null;
  }

  usage(appId: string): ReturnType<Programme['usage']> {
    return drawUsage(this.#model(appId), this.#feedback(appId));
  }

  linkUsage(groupId: string): ReturnType<Programme['linkUsage']> {
    const model = this.#modelOfGroup(groupId);
    const group = model?.groups.find((candidate) => candidate.id === groupId);
    return model && group ? drawLinkDays(model, group, countIn(model, groupId)) : [];
  }

  perfPowerMetrics(buildId: string): unknown {
    for (const model of this.#everyModel()) {
      const build = model.builds.find((candidate) => candidate.id === buildId);
      if (build) return perfPowerMetricsFor(model, build);
    }
    return emptyMetrics();
  }

  diagnosticLogs(signatureId: string): unknown {
    return diagnosticLogsFor(this.#everyModel(), signatureId);
  }

  nextFeedback(appId: string, n: number): Seed {
    return drawNextFeedback(this.#model(appId), n);
  }

  nextTester(appId: string, groupId: string, n: number): Seed {
    return nextTesterSeed(this.#model(appId), groupId, n);
  }
}

/**
 * Makes a programme; nothing is generated before it is asked for. Methods that take an app's id throw a
 * RangeError when the programme has no such app; those that take another id answer with nothing.
 */
export function createProgramme(options: ProgrammeOptions): Programme {
  return new GeneratedProgramme(options);
}
