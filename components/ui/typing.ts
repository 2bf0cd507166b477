const DIALOG = '[role="dialog"],[role="alertdialog"]';

/** Whether a key press belongs to something being typed in, or to an open dialog or menu. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (event.defaultPrevented || event.isComposing || !(target instanceof HTMLElement)) return true;
  if (target.isContentEditable || target.closest(`${DIALOG},[role="menu"]`)) return true;
  // What had the focus in a dialog may be gone: the dialog is still what is meant.
  if (target === document.body && document.querySelector(DIALOG)) return true;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
