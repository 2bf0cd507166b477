import type { BuildResource } from '@/lib/browser/types';

/** What can be opened on the page of a build. */
export type BuildDialog = 'groups' | 'testers' | 'compliance' | 'submit' | 'notify' | 'ship' | 'expire';

/** The build a dialog is about, and how to close it. */
export interface AboutBuild {
  readonly build: BuildResource;
  readonly appId: string;
  /** Apple's id of what says how its testers are told. */
  readonly detailId: string | undefined;
  readonly onClose: () => void;
}
