import { NightTruth } from '../truth/day-truth';

/** How the morning's grogginess wears off, drawn for the app: a curve from asleep to fully alert. */
export function sleepInertia(night: NightTruth, alertnessMinutes: number | null): Record<string, unknown> {
  if (night.nap || alertnessMinutes === null) return {};
  const seconds = alertnessMinutes * 60;
  const data = Array.from({ length: 9 }, (_, step) => ({
    timestamp: night.end + Math.round((seconds * step) / 8),
    value: Math.round(100 * (1 - Math.exp(-step / 2))),
  }));
  return {
    sleep_inertia_trend: {
      title: 'Sleep Inertia',
      unit: '%',
      data,
      zone: { title: 'Fully alert', start: 80, end: 100 },
      gist_object: {
        title: 'Time to full alertness',
        detail_text: String(alertnessMinutes),
        detail_unit_text: 'min',
        subtitle: 'After waking up',
      },
    },
    sleep_inertia_interpretation: {
      header: 'Sleep Inertia',
      title: 'Give your morning some time',
      subtitle: 'Daylight and a short walk help you wake up.',
      education_modal_deeplink: 'ultrahuman://educationModal?id=sleep_inertia',
    },
  };
}
