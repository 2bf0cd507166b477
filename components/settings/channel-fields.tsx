import { Name } from '@/components/ui/name';
import type { ChannelChoice } from '@/lib/browser/alerts';
import { connectorWords } from '@/lib/format/connectors';

/** Where an alert is told: what cannot be chosen says why. */
export function ChannelFields({
  channels,
  chosen,
  error,
}: {
  channels: readonly ChannelChoice[];
  chosen: readonly string[];
  error: string | undefined;
}) {
  const gone = chosen.filter((one) => !channels.some(({ channel }) => channel === one));
  return (
    <fieldset className="grid gap-2" aria-describedby={error ? 'channels-error' : undefined}>
      <legend className="mb-1 font-medium text-sm">Where</legend>
      {channels.map(({ channel, name, kind, problem }) => (
        <label key={channel} className="flex items-start gap-2 text-sm">
          <input
            type="checkbox"
            name="channels"
            value={channel}
            defaultChecked={chosen.includes(channel)}
            disabled={problem !== null && !chosen.includes(channel)}
            className="mt-1"
          />
          <span className="min-w-0 wrap-anywhere">
            <Name>{name}</Name>
            {kind === 'slack' || kind === 'teams' || kind === 'webhook' ? (
              <span className="text-ink-soft">
                {' '}
                ({connectorWords(kind).name}, read by the team; testers’ addresses are masked)
              </span>
            ) : null}
            {problem ? <span className="block text-ink-soft">{problem}</span> : null}
          </span>
        </label>
      ))}
      {gone.map((channel) => (
        <label key={channel} className="flex items-start gap-2 text-sm">
          <input type="checkbox" name="channels" value={channel} defaultChecked className="mt-1" />
          <span>A channel that is gone: nothing is sent there</span>
        </label>
      ))}
      {error ? (
        <p id="channels-error" role="alert" className="text-bad text-sm">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
