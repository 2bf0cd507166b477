import { label } from '@/lib/format/labels';

/** Who one is here. */
export function Profile({ name, email, role }: { name: string | null; email: string; role: string }) {
  return (
    <dl className="grid max-w-md grid-cols-[8rem_1fr] gap-y-2 text-sm">
      <dt className="text-ink-soft">Name</dt>
      <dd>{name ? <bdi>{name}</bdi> : <span className="text-ink-faint">Not given</span>}</dd>
      <dt className="text-ink-soft">E-mail</dt>
      <dd className="break-all">{email}</dd>
      <dt className="text-ink-soft">Role</dt>
      <dd>{label(role)}</dd>
    </dl>
  );
}
