import { Contributors, NightTruth } from '../truth/day-truth';

const titles: [keyof Contributors, string, string][] = [
  ['efficiency', 'Sleep Efficiency', 'sleep_efficiency_sleep'],
  ['total', 'Total Sleep', 'total_sleep_sleep'],
  ['temperature', 'Temperature', 'temperature_sleep'],
  ['restfulness', 'Restfulness', 'restfulness_sleep'],
  ['hrv', 'HRV Form', 'hrv_sleep'],
  ['timing', 'Timing', 'timing_sleep'],
  ['restoration', 'Restoration Time', 'restoration_time'],
  ['consistency', 'Consistency', 'consistency_sleep'],
  ['hr_drop', 'HR Drop', 'hr_drop_sleep'],
];

/** Contributors keep their fractions: 60.47222222222222 is what the vendor sends. */
export function contributorSummary(night: NightTruth): unknown[] {
  return titles.map(([key, title, link]) => {
    const score = night.contributors[key];
    const [state, stateTitle] = grade(score);
    return {
      title,
      state,
      state_title: stateTitle,
      score,
      education_modal_deeplink: `ultrahuman://educationModal?id=${link}`,
      tracking_params: [{ key_name: 'state', value: state }],
    };
  });
}

function grade(score: number): [state: string, title: string] {
  if (score >= 85) return ['optimal', 'Optimal'];
  if (score >= 70) return ['good', 'Good'];
  return score >= 40 ? ['warning', 'Needs attention'] : ['poor', 'Poor'];
}
