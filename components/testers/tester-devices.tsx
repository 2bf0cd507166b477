import { Section } from '@/components/ui/section';
import type { TesterResource } from '@/lib/browser/types';
import { deviceName } from '@/lib/format/devices';
import { label } from '@/lib/format/labels';

/** The devices a tester has installed the app on, and which build is on each. */
export function TesterDevices({ tester }: { tester: TesterResource }) {
  const devices = tester.attributes?.appDevices ?? [];
  if (devices.length === 0) {
    return (
      <Section title="Devices">
        <p className="text-ink-soft text-sm">No device yet: the person has not installed a build.</p>
      </Section>
    );
  }
  return (
    <Section title="Devices">
      <table className="w-full max-w-2xl text-sm">
        <thead className="text-left text-ink-soft text-xs">
          <tr className="h-8 border-b">
            {['Device', 'System', 'Build'].map((header) => (
              <th key={header} scope="col" className="font-medium">
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => (
            <tr
              key={`${device.model} ${device.osVersion} ${device.appBuildVersion}`}
              className="h-9 border-b"
            >
              <td>
                {device.model ? (
                  <span data-tip={device.model}>{deviceName(device.model)}</span>
                ) : (
                  'Unknown device'
                )}
              </td>
              <td className="text-ink-soft">
                {device.platform ? `${label(device.platform)} ` : ''}
                {device.osVersion ?? ''}
              </td>
              <td className="tabular-nums">{device.appBuildVersion ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
