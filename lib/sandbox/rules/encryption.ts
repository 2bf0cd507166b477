import { attributeRefusal, relationshipRefusal, stateRefusal } from '../checks/refusal';
import { insertNew, type TypeRules, type World } from '../engine/world';
import { PACE } from '../life/pace';
import { checkLength, checkPresent } from './text';

/** Export declarations: exempt ones are approved at once, the others when their document has been looked at. */
export const declarationRules: TypeRules = {
  create(world, { attributes, relationships }) {
    checkPresent('appDescription', attributes.appDescription);
    checkLength('appDescription', attributes.appDescription);
    const appId = relationships.app?.[0] ?? null;
    const exempt =
      attributes.containsProprietaryCryptography === false &&
      attributes.containsThirdPartyCryptography === false;
    const made = {
      ...attributes,
      createdDate: world.clock.iso(),
      usesEncryption: true,
      exempt,
      appEncryptionDeclarationState: exempt ? 'APPROVED' : 'CREATED',
      codeValue: null,
    };
    return insertNew(world, 'appEncryptionDeclarations', appId, made, { app: appId });
  },
};

/** A file is taken in parts of this size, bytes. */
const PART = 256 * 1024;

function partsOf(world: World, id: string, length: number): object[] {
  return Array.from({ length: Math.ceil(length / PART) }, (_, index) => ({
    method: 'PUT',
    url: `${world.baseUrl()}/sandbox-assets/uploads/${id}/${index + 1}`,
    offset: index * PART,
    length: Math.min(PART, length - index * PART),
    requestHeaders: [{ name: 'Content-Type', value: 'application/octet-stream' }],
  }));
}

/** The paper behind a declaration: reserve, send the bytes, commit. */
export const documentRules: TypeRules = {
  create(world, { attributes, relationships }) {
    const declarationId = relationships.appEncryptionDeclaration?.[0] ?? '';
    const declaration = world.store.get('appEncryptionDeclarations', declarationId);
    if (!declaration)
      throw relationshipRefusal('appEncryptionDeclaration', 'INVALID', 'There is no such declaration');
    if (world.store.relatedId(declaration, 'appEncryptionDeclarationDocument') !== null)
      throw relationshipRefusal(
        'appEncryptionDeclaration',
        'INVALID',
        'The declaration has a document already',
      );
    checkPresent('fileName', attributes.fileName);
    const length = Number(attributes.fileSize);
    if (length <= 0) throw attributeRefusal('fileSize', 'INVALID', 'The file must not be empty');
    const made = insertNew(
      world,
      'appEncryptionDeclarationDocuments',
      declaration.appId,
      { ...attributes, assetDeliveryState: { state: 'AWAITING_UPLOAD', errors: [], warnings: [] } },
      { appEncryptionDeclaration: declaration.id },
    );
    world.store.update(made, { uploadOperations: partsOf(world, made.id, length) });
    return made;
  },
  update(_world, document, changes) {
    const { uploadOperations, received, sourceFileChecksum } = document.attributes;
    const [wanted, there] = [uploadOperations, received].map((list) =>
      Array.isArray(list) ? list.length : 0,
    );
    if (changes.uploaded === true && wanted !== there)
      throw stateRefusal('ENTITY_STATE_INVALID', 'The file has not been uploaded');
    return {
      sourceFileChecksum: changes.sourceFileChecksum ?? sourceFileChecksum ?? null,
      ...(changes.uploaded === true ? { isCommitted: true } : {}),
    };
  },
  updated(world, document, before) {
    if (document.attributes.isCommitted !== true || before.isCommitted === true) return;
    world.store.update(document, {
      assetDeliveryState: { state: 'COMPLETE', errors: [], warnings: [] },
      uploadOperations: [],
    });
    const declaration = world.store.relatedOne(document, 'appEncryptionDeclaration');
    if (declaration?.attributes.appEncryptionDeclarationState !== 'CREATED') return;
    world.store.update(declaration, { appEncryptionDeclarationState: 'IN_REVIEW' });
    world.wake(declaration, PACE.exportReview);
  },
};
