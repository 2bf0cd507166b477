import type { Resource } from '../engine/resource';
import { insertNew, type World } from '../engine/world';
import { setStates } from '../rules/build-state';

/** What a test may say of an upload that failed. */
interface Failure {
  readonly version?: unknown;
  readonly number?: unknown;
  readonly errors?: unknown;
  readonly warnings?: unknown;
}

const USUAL = [
  {
    code: '90683',
    description:
      'Missing purpose string in Info.plist. The Info.plist file should contain a NSCameraUsageDescription key.',
  },
];

const failed = ({ errors, warnings }: Failure) => ({
  state: 'FAILED',
  errors: Array.isArray(errors) ? errors : USUAL,
  warnings: Array.isArray(warnings) ? warnings : [],
  infos: [],
});

/** An upload is refused before it becomes a build: only its own record says why. */
export function refuseUpload(world: World, app: Resource, given: Failure): Resource {
  const [build] = world.store.related(app, 'builds');
  const train = build ? world.store.relatedOne(build, 'preReleaseVersion') : undefined;
  const attributes = {
    cfBundleShortVersionString: given.version ?? train?.attributes.version ?? '1.0',
    cfBundleVersion: given.number ?? '1',
    platform: train?.attributes.platform ?? 'IOS',
    createdDate: world.clock.iso(),
    uploadedDate: world.clock.iso(),
    state: failed(given),
  };
  const upload = insertNew(world, 'buildUploads', app.id, attributes, { app: app.id });
  told(world, upload);
  return upload;
}

/** Processing ends in failure: the build stays, and its upload says why. */
export function failProcessing(world: World, build: Resource, given: Failure): void {
  world.store.update(build, { processingState: 'FAILED', nextAt: null });
  setStates(world, build, { internal: 'PROCESSING_EXCEPTION', external: 'PROCESSING_EXCEPTION' });
  const upload = world.store.relatedOne(build, 'buildUpload');
  if (!upload) return;
  world.store.update(upload, { uploadedDate: world.clock.iso(), state: failed(given) });
  told(world, upload);
}

function told(world: World, upload: Resource): void {
  if (upload.appId === null) return;
  world.webhooks.emit({
    appId: upload.appId,
    eventType: 'BUILD_UPLOAD_STATE_UPDATED',
    attributes: { oldState: 'PROCESSING', newState: 'FAILED' },
    instance: { type: 'buildUploads', id: upload.id },
  });
}
