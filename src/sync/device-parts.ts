import type { NormalizedDay } from '../health-data/canonical';
import type { DeviceDefinition, ProviderDefinition } from '../providers/provider';

/** What one device measured of a day. */
export interface DevicePart {
  device: DeviceDefinition;
  day: NormalizedDay;
}

/**
 * A day by the device that measured it, in the order of the definition. The first device takes the sleeps and all that
 * no other claims; it has a part even of a day in which it measured nothing.
 */
export function partsByDevice(day: NormalizedDay, devices: ProviderDefinition['devices']): DevicePart[] {
  if (devices.length === 1) return [{ device: devices[0], day }];
  return devices.map((device, index) => ({
    device,
    day: {
      ...day,
      series: day.series.filter(({ code }) => deviceOf(code, 'codes', devices) === device),
      daily: day.daily.filter(({ code }) => deviceOf(code, 'codes', devices) === device),
      sleeps: index === 0 ? day.sleeps : [],
      scores: day.scores.filter(({ category }) => deviceOf(category, 'scores', devices) === device),
    },
  }));
}

export const isEmptyPart = ({ day }: DevicePart): boolean =>
  day.series.every(({ instants }) => instants.length === 0) &&
  day.daily.length + day.sleeps.length + day.scores.length === 0;

function deviceOf(
  name: string,
  kind: 'codes' | 'scores',
  [first, ...others]: ProviderDefinition['devices'],
): DeviceDefinition {
  return others.find(({ measures }) => measures?.[kind].some((it) => it === name)) ?? first;
}
