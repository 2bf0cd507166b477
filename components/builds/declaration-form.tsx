import { TextArea } from '@/components/ui/field';
import { Switch } from '@/components/ui/switch';
import { type NewDeclaration, needsPaper } from './new-declaration';
import { PaperField } from './paper-field';

/** What App Store Connect asks about encryption that is declared anew. */
export function DeclarationForm({
  value,
  onChange,
}: {
  value: NewDeclaration;
  onChange: (value: NewDeclaration) => void;
}) {
  const set = (change: Partial<NewDeclaration>) => onChange({ ...value, ...change });
  return (
    <div className="ml-7 grid gap-4 border-l pl-4">
      <TextArea
        label="What the app does, and what it encrypts"
        value={value.appDescription}
        onChange={(event) => set({ appDescription: event.target.value })}
      />
      <Switch
        label="Encryption of one’s own making"
        hint="Algorithms that no international standard describes."
        checked={value.containsProprietaryCryptography}
        onChange={(to) => set({ containsProprietaryCryptography: to })}
      />
      <Switch
        label="Standard encryption beside the system’s"
        hint="Such as a library for AES or TLS that comes with the app."
        checked={value.containsThirdPartyCryptography}
        onChange={(to) => set({ containsThirdPartyCryptography: to })}
      />
      <Switch
        label="Offered in the French App Store"
        checked={value.availableOnFrenchStore}
        onChange={(to) => set({ availableOnFrenchStore: to })}
      />
      {needsPaper(value) ? (
        <PaperField paper={value.paper} onPaper={(paper) => set({ paper })} />
      ) : (
        <p className="text-ink-soft">With neither kind of encryption no document is needed.</p>
      )}
    </div>
  );
}
