import { traveller } from '../life/people/traveller';
import { pinnedDay, truthOn } from '../testing/pinned-day';

/** Five days of each person, each with the sum by which it can be checked by hand. Clocks are local, limits of days UTC. */

describe('the traveller', () => {
  it('2026-02-16: London to Kolkata: 18.5 hours', () => {
    // 00:00 GMT = 00:00Z. Take-off 06:00 GMT, landing 21:00 IST = 15:30Z; the 17th begins in Kolkata,
    // 00:00 IST = 18:30Z: 18.5 h. Awake two hours before take-off, at 04:00.
    // 22:26 → 04:00 = 5 h 34 = 334 min; 70 + 195 + 45 = 310 asleep, 334 − 310 = 24 awake; 310/334 =
    // 92.8 %.
    // 18.5 h = 66600 s, a bucket of steps every 293 s: 227.3 → 227.
    // Movement: 30 + 3588/260 + 0.22 × 15 = 30 + 13.8 + 3.3 = 47.1.
    // Recovery: 74 + 90 × (54/52 − 1.03) + 2.2 × (54 − 52) + 0.45 × (77 − 80) = 74 + 0.8 + 4.4 − 1.4 =
    // 77.8.
    expect(pinnedDay(traveller, '2026-02-16', { zone: 'Europe/London' })).toEqual({
      day: '02-16 00:00Z → 02-16 18:30Z',
      samples: 'hr 227, hrv 148, temp 227, steps 227, spo2 23, night_rhr 11',
      pulse: '00:02:02 60 → 18:26:20 58',
      steps: 3588,
      minutes: 'active, inactive, week 15, 160, 443',
      sleeps: [
        '15. 22:26 → 16. 04:00, 334 min: 70 deep, 195 light, 45 rem, 24 awake; 93 %, hr 57, hrv 54, spo2 97, score 77',
      ],
      body: 'resting 52, vo2max 42',
      scores: 'recovery 78, movement 47, metabolic –',
    });
    expect(truthOn(traveller, '2026-02-16')).toMatchObject({
      time_zone: 'Europe/London',
      temperature_deviation: 0.07,
      spo2_avg: 96.7,
    });
  });

  it('2026-03-03: Tokyo to Honolulu: 43 hours', () => {
    // 00:00 JST = 15:00Z on the 2nd. Left Tokyo at 16:00 JST = 07:00Z, landed at 14:00Z = 04:00 HST of
    // the same 3rd. The 4th begins in Honolulu, 00:00 HST = 10:00Z: 9 + 24 + 10 = 43 h. In the air she
    // slept from 17:30 JST, an hour and a half after take-off, 190 min.
    // 23:29 → 06:42 = 7 h 13 = 433 min; 75 + 259 + 75 = 409 asleep, 433 − 409 = 24 awake; 409/433 =
    // 94.5 %.
    // 17:30 → 20:40 = 3 h 10 = 190 min; 60 + 107 + 8 = 175 asleep, 190 − 175 = 15 awake; 175/190 =
    // 92.1 %.
    // 43 h = 154800 s, a bucket of steps every 293 s: 528.3 → 529.
    // Movement: 30 + 10967/260 + 0.22 × 46 = 30 + 42.2 + 10.1 = 82.3.
    // Recovery: 74 + 90 × (57/52 − 1.03) + 2.2 × (54 − 49) + 0.45 × (86 − 80) = 74 + 6 + 11 + 2.7 =
    // 93.7.
    // Half hours of pulse, six readings of 29 min: 433 → 14, 190 → 6.
    expect(pinnedDay(traveller, '2026-03-03', { zone: 'Asia/Tokyo' })).toEqual({
      day: '03-02 15:00Z → 03-04 10:00Z',
      samples: 'hr 528, hrv 359, temp 529, steps 529, spo2 44, night_rhr 20',
      pulse: '00:01:07 56 → 18:59:01 58',
      steps: 10967,
      minutes: 'active, inactive, week 46, 635, 453',
      sleeps: [
        '02. 23:29 → 03. 06:42, 433 min: 75 deep, 259 light, 75 rem, 24 awake; 94 %, hr 55, hrv 57, spo2 97, score 86',
        'nap 03. 17:30 → 03. 20:40, 190 min: 60 deep, 107 light, 8 rem, 15 awake; 92 %, hr 54, hrv 61, spo2 97, score 60',
      ],
      body: 'resting 49, vo2max 42',
      scores: 'recovery 94, movement 82, metabolic –',
    });
    expect(truthOn(traveller, '2026-03-03')).toMatchObject({
      time_zone: 'Asia/Tokyo',
      temperature_deviation: -0.15,
      average_body_temperature: 34.95,
      spo2_avg: 96.5,
    });
  });

  it('2026-09-28: Honolulu, as far as Tokyo has not begun the next day: 5 hours', () => {
    // 00:00 HST = 10:00Z. Left at 12:00 HST = 22:00Z, landed on the 29th at 15:30 JST = 06:30Z. The
    // 29th began in Tokyo at 15:00Z: 5 h, all of them asleep, so no steps: score filled in. Both
    // sleeps of the 28th end on it by the clock of Honolulu, 06:02 and 17:55, though the date is cut
    // at 05:00.
    // 22:12 → 06:02 = 7 h 50 = 470 min; 80 + 287 + 70 = 437 asleep, 470 − 437 = 33 awake; 437/470 = 93
    // %.
    // 14:30 → 17:55 = 3 h 25 = 205 min; 50 + 125 + 10 = 185 asleep, 205 − 185 = 20 awake; 185/205 =
    // 90.2 %.
    // 5 h = 18000 s, a bucket of steps every 293 s: 61.4 → 61.
    // Recovery: 74 + 90 × (51/52 − 1.03) + 2.2 × (54 − 53) + 0.45 × (86 − 80) = 74 − 4.4 + 2.2 + 2.7 =
    // 74.5.
    // Half hours of pulse, six readings of 29 min: 470 → 16, 205 → 7.
    expect(pinnedDay(traveller, '2026-09-28', { zone: 'Pacific/Honolulu' })).toEqual({
      day: '09-28 10:00Z → 09-28 15:00Z',
      samples: 'hr 62, hrv 44, temp 61, steps 61, spo2 20, night_rhr 23',
      pulse: '00:02:43 59 → 04:59:17 55',
      steps: 0,
      minutes: 'active, inactive, week 0, 0, 345',
      sleeps: [
        '27. 22:12 → 28. 06:02, 470 min: 80 deep, 287 light, 70 rem, 33 awake; 93 %, hr 58, hrv 51, spo2 96, score 86',
        'nap 28. 14:30 → 28. 17:55, 205 min: 50 deep, 125 light, 10 rem, 20 awake; 90 %, hr 57, hrv 54, spo2 96, score 55',
      ],
      body: 'resting 53, vo2max 43',
      scores: 'recovery 74, movement 52, metabolic –',
    });
    expect(truthOn(traveller, '2026-09-28')).toMatchObject({ time_zone: 'Pacific/Honolulu', spo2_avg: 96.1 });
  });

  it('2026-09-29: Tokyo: a date without a sleep of its own', () => {
    // 00:00 JST = 15:00Z on the 28th, 05:00 in Honolulu. She woke up there and in the air on the 28th
    // and goes to bed in Tokyo at night. 24 h.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9; none 20:04 → 21:08: 13 − 1 fewer → 283.
    // Movement: 30 + 11289/260 + 0.22 × 69 = 30 + 43.4 + 15.2 = 88.6.
    expect(pinnedDay(traveller, '2026-09-29', { zone: 'Asia/Tokyo' })).toEqual({
      day: '09-28 15:00Z → 09-29 15:00Z',
      samples: 'hr 283, hrv 179, temp 283, steps 283, spo2 22',
      pulse: '00:02:22 53 → 23:58:36 57',
      steps: 11289,
      minutes: 'active, inactive, week 69, 215, 387',
      sleeps: [],
      body: 'resting –, vo2max 43',
      scores: 'recovery –, movement 89, metabolic –',
    });
    expect(truthOn(traveller, '2026-09-29')).toMatchObject({
      time_zone: 'Asia/Tokyo',
      temperature_deviation: null,
      morning_alertness: null,
    });
  });

  it('2026-10-04: Adelaide: clocks go forward by an hour in a half-hour zone', () => {
    // 00:00 at +9:30 = 14:30Z on the 3rd; 24:00 at +10:30 = 13:30Z; 23 h.
    // 22:34 → 06:21 = 7 h 47 on the clock − 60 min for the change of the clocks = 407 min; 70 + 242 +
    // 65 = 377 asleep, 407 − 377 = 30 awake; 377/407 = 92.6 %.
    // Score: 0.22 × 92 sleep_efficiency + 0.3 × 76.3 total_sleep + 0.08 × 93.7 temperature + 0.1 × 78
    // restfulness + 0.1 × 85.5 hrv_form + 0.08 × 97.1 timing + 0.12 × 82.4 restoration_time = 84.6.
    // 23 h = 82800 s, a bucket of steps every 293 s: 282.6; none 20:10 → 21:18: 14 − 1 fewer → 270.
    // On a table 11:03 → 12:32: no pulse, 18.1 − 1 readings fewer, temperatures of the room instead.
    // Movement: 30 + 15628/260 + 0.22 × 105 = 30 + 60.1 + 23.1 = 113.2, at most 100.
    // Recovery: 74 + 90 × (60/52 − 1.03) + 2.2 × (54 − 50) + 0.45 × (85 − 80) = 74 + 11.1 + 8.8 + 2.3
    // = 96.2, at most 96.
    // The week, today first: 105 + 57 + 75 + 72 + 18 + 69 + 0 = 396 active minutes.
    expect(pinnedDay(traveller, '2026-10-04', { zone: 'Australia/Adelaide' })).toEqual({
      day: '10-03 14:30Z → 10-04 13:30Z',
      samples: 'hr 253, hrv 178, temp 270, steps 270, spo2 30, night_rhr 14',
      pulse: '00:01:20 58 → 23:58:12 54',
      steps: 15628,
      minutes: 'active, inactive, week 105, 195, 396',
      sleeps: [
        '03. 22:34 → 04. 06:21, 407 min: 70 deep, 242 light, 65 rem, 30 awake; 93 %, hr 55, hrv 60, spo2 97, score 85',
      ],
      body: 'resting 50, vo2max 43',
      scores: 'recovery 96, movement 100, metabolic –',
    });
    expect(truthOn(traveller, '2026-10-04')).toMatchObject({
      time_zone: 'Australia/Adelaide',
      temperature_deviation: -0.07,
      average_body_temperature: 35.03,
    });
  });
});
