import { NightTruth } from '../truth/day-truth';
import { durationMarkup, durationText } from './text';

/** Quick metrics speak seconds, per cent and whole beats; `type` names them, titles are for the screen. */
export function quickMetrics(night: NightTruth): unknown[] {
  return [
    metric('SLEEP INDEX', 'sleep_index', night.score, String(night.score), null),
    metric('TOTAL SLEEP', 'total_sleep', night.asleep_seconds, durationText(night.asleep_seconds), null),
    metric(
      'TIME IN BED',
      'time_in_bed',
      night.time_in_bed_seconds,
      durationText(night.time_in_bed_seconds),
      null,
    ),
    metric('EFFICIENCY', 'sleep_efic', night.efficiency, `${night.efficiency}%`, null),
    metric('AVG HEART RATE', 'avg_hr', night.avg_hr, String(night.avg_hr), 'bpm'),
    metric('AVG HRV', 'avg_hrv', night.avg_hrv, String(night.avg_hrv), 'ms'),
  ];
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
  return [
    tile(
      'TOTAL SLEEP',
      'total_sleep',
      durationMarkup(night.asleep_seconds),
      night.contributors.total,
      'min',
      night.asleep_seconds / 60,
    ),
    tile(
      'EFFICIENCY',
      'sleep_efic',
      small(night.efficiency, '%'),
      night.contributors.efficiency,
      '%',
      night.efficiency,
    ),
    tile(
      'AVG HRV',
      'avg_hrv',
      small(night.avg_hrv, 'ms'),
      night.contributors.hrv,
      'ms',
      String(night.avg_hrv),
    ),
    tile('AVG HEART RATE', 'avg_hr', small(night.avg_hr, 'bpm'), 80, 'bpm', String(night.avg_hr)),
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
