import { Contributor, ContributorKey, NightTruth } from '../truth/day-truth';

const titles: Record<ContributorKey, [title: string, link: string]> = {
  sleep_efficiency: ['Sleep Efficiency', 'sleep_efficiency_sleep'],
  total_sleep: ['Total Sleep', 'total_sleep_sleep'],
  temperature: ['Temperature', 'temperature_sleep'],
  restfulness: ['Restfulness', 'restfulness_sleep'],
  hrv_form: ['HRV Form', 'hrv_sleep'],
  timing: ['Timing', 'timing_sleep'],
  restoration_time: ['Restoration Time', 'restoration_time'],
  consistency: ['Consistency', 'consistency_sleep'],
  hr_drop: ['HR Drop', 'hr_drop_sleep'],
};

export const stateTitles: Record<Contributor['state'], string> = {
  optimal: 'Optimal',
  good: 'Good',
  warning: 'Needs attention',
  poor: 'Poor',
};

/** Contributors keep their fractions: 60.47222222222222 is what the vendor sends. */
export function contributorSummary(night: NightTruth): unknown[] {
  return night.contributors.map(({ key, value, state }) => {
    const [title, link] = titles[key];
    return {
      title,
      state,
      state_title: stateTitles[state],
      score: value,
      education_modal_deeplink: `ultrahuman://educationModal?id=${link}`,
      tracking_params: [{ key_name: 'state', value: state }],
    };
  });
}
