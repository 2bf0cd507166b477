/** What is told of an app's encryption, before it is sent. */
export interface NewDeclaration {
  readonly appDescription: string;
  readonly containsProprietaryCryptography: boolean;
  readonly containsThirdPartyCryptography: boolean;
  readonly availableOnFrenchStore: boolean;
  readonly paper: File | null;
}

export const EMPTY_DECLARATION: NewDeclaration = {
  appDescription: '',
  containsProprietaryCryptography: false,
  containsThirdPartyCryptography: false,
  availableOnFrenchStore: false,
  paper: null,
};

/** Whether Apple wants to see a document: not where nothing is declared that needs one. */
export function needsPaper(declared: NewDeclaration): boolean {
  return declared.containsProprietaryCryptography || declared.containsThirdPartyCryptography;
}

/** Whether all is there that App Store Connect asks for. */
export function canDeclare(declared: NewDeclaration): boolean {
  return declared.appDescription.trim() !== '' && (!needsPaper(declared) || declared.paper !== null);
}
