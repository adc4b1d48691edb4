import { Generation } from '../life/persona';
import { ContributorKey, NightTruth } from '../truth/day-truth';
import { durationMarkup, durationText } from './text';

/** Quick metrics speak seconds, per cent and whole beats; `type` names them, titles are for the screen. */
export function quickMetrics(night: NightTruth, generation: Generation): unknown[] {
  const [asleep, inBed] = [night.asleep_seconds, night.time_in_bed_seconds];
  return [
    ...sleepIndex(night.score, generation),
    metric('TOTAL SLEEP', 'total_sleep', asleep, durationText(asleep), null),
    metric('TIME IN BED', 'time_in_bed', inBed, durationText(inBed), null),
    metric('EFFICIENCY', 'sleep_efic', night.efficiency, `${night.efficiency}%`, null),
    metric('AVG HEART RATE', 'avg_hr', night.avg_hr, String(night.avg_hr), 'bpm'),
    metric('AVG HRV', 'avg_hrv', night.avg_hrv, String(night.avg_hrv), 'ms'),
  ];
}

/** Where the score is a type of its own it is not told here. */
function sleepIndex(score: number | null, generation: Generation): unknown[] {
  if (score === null || generation === 'top_level') return [];
  return [metric('SLEEP INDEX', 'sleep_index', score, String(score), null)];
}

function metric(title: string, type: string, value: number, text: string, unit: string | null): unknown {
  return {
    title,
    display_text: text,
    unit,
    value,
    type,
    deeplink: `ultrahuman://trends?type=${type}`,
    education_modal_deeplink: `ultrahuman://educationModal?id=${type}_sleep`,
    tracking_params: [{ key_name: type, value: text }],
    display_text_marked_up: `<b>${text}</b>`,
  };
}

/** The same again as HTML for the app's tiles: noise a client has to step over. */
export function quickMetricsTiled(night: NightTruth): unknown[] {
  const small = (value: number, unit: string) => `${value}<b><small>${unit}</small></b>`;
  const part = (key: ContributorKey) => night.contributors.find((found) => found.key === key)?.value ?? 75;
  const asleep = durationMarkup(night.asleep_seconds);
  const { efficiency, avg_hrv: hrv, avg_hr: pulse } = night;
  return [
    tile('TOTAL SLEEP', 'total_sleep', asleep, part('total_sleep'), 'min', night.asleep_seconds / 60),
    tile('EFFICIENCY', 'sleep_efic', small(efficiency, '%'), part('sleep_efficiency'), '%', efficiency),
    tile('AVG HRV', 'avg_hrv', small(hrv, 'ms'), part('hrv_form'), 'ms', String(hrv)),
    tile('AVG HEART RATE', 'avg_hr', small(pulse, 'bpm'), 80, 'bpm', String(pulse)),
  ];
}

function tile(
  title: string,
  type: string,
  markup: string,
  score: number,
  unit: string,
  trend: number | string,
): unknown {
  const [tag, tagColor] =
    score >= 85 ? ['Optimal', '00B984'] : score >= 65 ? ['Good', '7AC142'] : ['Fair', 'F5A623'];
  return {
    title,
    value: markup,
    tag,
    tag_color: tagColor,
    deeplink: `ultrahuman://trends?type=${type}`,
    trends_unit: unit,
    trends_value: trend,
    type,
  };
}
