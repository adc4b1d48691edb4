import { nightNurse, poorSleeper } from '../life/people/bad-nights';
import { pinnedDay, truthOn } from '../testing/pinned-day';

/** Five days of each person, each with the sum by which it can be checked by hand. Clocks are local, limits of days UTC. */

describe('the night-shift nurse in Chicago', () => {
  it('2026-10-26: the first shift begins tonight: a night and an evening sleep', () => {
    // Day 20,752 since 1970 = 8 × 2594 + 0: the first of four shifts begins tonight. 05:00Z to 05:00Z
    // = 24 h.
    // 23:48 → 08:22 = 8 h 34 = 514 min; 75 + 293 + 100 = 468 asleep, 514 − 468 = 46 awake; 468/514 =
    // 91.1 %.
    // 18:13 → 19:46 = 1 h 33 = 93 min; 35 + 42 + 0 = 77 asleep, 93 − 77 = 16 awake; 77/93 = 82.8 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 6118/260 + 0.22 × 28 = 30 + 23.5 + 6.2 = 59.7.
    // Recovery: 74 + 90 × (34/39 − 1.03) + 2.2 × (62 − 62) + 0.45 × (83 − 80) = 74 − 14.2 + 0 + 1.4 =
    // 61.1.
    // Half hours of pulse, six readings of 29 min: 514 → 17, 93 → 3.
    expect(pinnedDay(nightNurse, '2026-10-26')).toEqual({
      day: '10-26 05:00Z → 10-27 05:00Z',
      samples: 'hr 295, hrv 222, temp 295, steps 295, night_rhr 20',
      pulse: '00:01:28 70 → 23:57:19 85',
      steps: 6118,
      minutes: 'active, inactive, week 28, 185, 300',
      sleeps: [
        '25. 23:48 → 26. 08:22, 514 min: 75 deep, 293 light, 100 rem, 46 awake; 91 %, hr 67, hrv 34, spo2 –, score 83',
        'nap 26. 18:13 → 26. 19:46, 93 min: 35 deep, 42 light, 0 rem, 16 awake; 83 %, hr 66, hrv 38, spo2 –, score 48',
      ],
      body: 'resting 62, vo2max 36',
      scores: 'recovery 61, movement 60, metabolic –',
    });
    expect(truthOn(nightNurse, '2026-10-26')).toMatchObject({
      temperature_deviation: 0.13,
      sleep_movements: 25,
    });
  });

  it('2026-10-28: between two shifts: daylight, then an hour and a half', () => {
    // 20,754 = 8 × 2594 + 2: home from one shift, off to the next. The longer sleep is the main one
    // though it is by day.
    // 09:05 → 15:04 = 5 h 59 = 359 min; 75 + 217 + 45 = 337 asleep, 359 − 337 = 22 awake; 337/359 =
    // 93.9 %.
    // Score: 0.22 × 96 sleep_efficiency + 0.3 × 62.5 total_sleep + 0.08 × 97.3 temperature + 0.1 × 78
    // restfulness + 0.1 × 71.2 hrv_form + 0.08 × 5 timing + 0.12 × 81.9 restoration_time = 72.8.
    // 18:08 → 19:36 = 1 h 28 = 88 min; 30 + 47 + 0 = 77 asleep, 88 − 77 = 11 awake; 77/88 = 87.5 %.
    // Score: 0.22 × 72 sleep_efficiency + 0.3 × 5 total_sleep + 0.08 × 94.6 temperature + 0.1 × 90.1
    // restfulness + 0.1 × 64 hrv_form + 0.08 × 5 timing + 0.12 × 89.6 restoration_time = 51.5.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 12244/260 + 0.22 × 77 = 30 + 47.1 + 16.9 = 94.
    // Recovery: 74 + 90 × (41/39 − 1.03) + 2.2 × (62 − 59) + 0.45 × (73 − 80) = 74 + 1.9 + 6.6 − 3.2 =
    // 79.4.
    // Half hours of pulse, six readings of 29 min: 359 → 12, 88 → 3.
    expect(pinnedDay(nightNurse, '2026-10-28')).toEqual({
      day: '10-28 05:00Z → 10-29 05:00Z',
      samples: 'hr 294, hrv 199, temp 295, steps 295, night_rhr 15',
      pulse: '00:03:16 78 → 23:56:27 80',
      steps: 12244,
      minutes: 'active, inactive, week 77, 315, 360',
      sleeps: [
        '28. 09:05 → 28. 15:04, 359 min: 75 deep, 217 light, 45 rem, 22 awake; 94 %, hr 65, hrv 41, spo2 –, score 73',
        'nap 28. 18:08 → 28. 19:36, 88 min: 30 deep, 47 light, 0 rem, 11 awake; 88 %, hr 64, hrv 39, spo2 –, score 51',
      ],
      body: 'resting 59, vo2max 36',
      scores: 'recovery 79, movement 94, metabolic –',
    });
  });

  it('2026-10-30: after the last shift: a short sleep by day', () => {
    // 20,756 = 8 × 2594 + 4: home from the last shift, none tonight.
    // 08:53 → 12:56 = 4 h 3 = 243 min; 56 + 130 + 25 = 211 asleep, 243 − 211 = 32 awake; 211/243 =
    // 86.8 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 6498/260 + 0.22 × 26 = 30 + 25 + 5.7 = 60.7.
    // Recovery: 74 + 90 × (40/39 − 1.03) + 2.2 × (62 − 60) + 0.45 × (56 − 80) = 74 − 0.4 + 4.4 − 10.8
    // = 67.2.
    expect(pinnedDay(nightNurse, '2026-10-30')).toEqual({
      day: '10-30 05:00Z → 10-31 05:00Z',
      samples: 'hr 295, hrv 201, temp 295, steps 295, night_rhr 8',
      pulse: '00:03:51 82 → 23:55:37 66',
      steps: 6498,
      minutes: 'active, inactive, week 26, 405, 332',
      sleeps: [
        '30. 08:53 → 30. 12:56, 243 min: 56 deep, 130 light, 25 rem, 32 awake; 87 %, hr 65, hrv 40, spo2 –, score 56',
      ],
      body: 'resting 60, vo2max 37',
      scores: 'recovery 67, movement 61, metabolic –',
    });
  });

  it('2026-10-31: a free night', () => {
    // 20,757 = 8 × 2594 + 5. 05:00Z to 05:00Z = 24 h.
    // 23:10 → 07:11 = 8 h 1 = 481 min; 80 + 284 + 82 = 446 asleep, 481 − 446 = 35 awake; 446/481 =
    // 92.7 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 4867/260 + 0.22 × 20 = 30 + 18.7 + 4.4 = 53.1.
    // Recovery: 74 + 90 × (39/39 − 1.03) + 2.2 × (62 − 60) + 0.45 × (86 − 80) = 74 − 2.7 + 4.4 + 2.7 =
    // 78.4.
    // The week, today first: 20 + 26 + 60 + 77 + 42 + 28 + 42 = 295 active minutes.
    expect(pinnedDay(nightNurse, '2026-10-31')).toEqual({
      day: '10-31 05:00Z → 11-01 05:00Z',
      samples: 'hr 296, hrv 215, temp 295, steps 295, night_rhr 16',
      pulse: '00:03:22 68 → 23:59:07 65',
      steps: 4867,
      minutes: 'active, inactive, week 20, 530, 295',
      sleeps: [
        '30. 23:10 → 31. 07:11, 481 min: 80 deep, 284 light, 82 rem, 35 awake; 93 %, hr 65, hrv 39, spo2 –, score 86',
      ],
      body: 'resting 60, vo2max 37',
      scores: 'recovery 78, movement 53, metabolic –',
    });
  });

  it('2026-11-01: a free night, and clocks go back: 25 hours', () => {
    // 00:00 CDT = 05:00Z; 24:00 CST = 06:00Z; 25 h.
    // 23:09 → 05:58 = 6 h 49 on the clock + 60 min for the change of the clocks = 469 min; 75 + 292 +
    // 72 = 439 asleep, 469 − 439 = 30 awake; 439/469 = 93.6 %.
    // 25 h = 90000 s, a bucket of steps every 293 s: 307.2; none 20:34 → 21:52: 16 − 1 fewer → 292.
    // Movement: 30 + 10384/260 + 0.22 × 47 = 30 + 39.9 + 10.3 = 80.3.
    // Recovery: 74 + 90 × (38/39 − 1.03) + 2.2 × (62 − 61) + 0.45 × (86 − 80) = 74 − 5 + 2.2 + 2.7 =
    // 73.9.
    expect(pinnedDay(nightNurse, '2026-11-01')).toEqual({
      day: '11-01 05:00Z → 11-02 06:00Z',
      samples: 'hr 294, hrv 202, temp 292, steps 292, night_rhr 16',
      pulse: '00:03:23 67 → 23:59:04 70',
      steps: 10384,
      minutes: 'active, inactive, week 47, 260, 300',
      sleeps: [
        '31. 23:09 → 01. 05:58, 469 min: 75 deep, 292 light, 72 rem, 30 awake; 94 %, hr 66, hrv 38, spo2 –, score 86',
      ],
      body: 'resting 61, vo2max 37',
      scores: 'recovery 74, movement 80, metabolic –',
    });
    expect(truthOn(nightNurse, '2026-11-01')).toMatchObject({ average_body_temperature: 34.89 });
  });
});

describe('the poor sleeper in Paris', () => {
  it('2026-10-25: a night in two pieces while clocks go back', () => {
    // 00:00 CEST = 22:00Z on the 24th; 24:00 CET = 23:00Z; 25 h. 02:33 is in the second hour of that
    // name: 01:33Z.
    // 23:37 → 02:33 = 2 h 56 on the clock + 60 min for the change of the clocks = 236 min; 75 + 124 +
    // 20 = 219 asleep, 236 − 219 = 17 awake; 219/236 = 92.8 %.
    // 03:41 → 07:06 = 3 h 25 = 205 min; 60 + 101 + 20 = 181 asleep, 205 − 181 = 24 awake; 181/205 =
    // 88.3 %.
    // 25 h = 90000 s, a bucket of steps every 293 s: 307.2; none 20:56 → 22:00: 13 − 1 fewer → 295.
    // Movement: 30 + 5072/260 + 0.22 × 18 = 30 + 19.5 + 4 = 53.5.
    // Recovery: 74 + 90 × (34/29 − 1.03) + 2.2 × (65 − 59) + 0.45 × (78 − 80) = 74 + 12.8 + 13.2 − 0.9
    // = 99.1, at most 96.
    // Half hours of pulse, six readings of 29 min: 236 → 7 (47 readings), 205 → 7.
    expect(pinnedDay(poorSleeper, '2026-10-25')).toEqual({
      day: '10-24 22:00Z → 10-25 23:00Z',
      samples: 'hr 294, hrv 207, temp 295, steps 295, spo2 33, night_rhr 14',
      pulse: '00:03:11 70 → 23:58:40 66',
      steps: 5072,
      minutes: 'active, inactive, week 18, 315, 264',
      sleeps: [
        '24. 23:37 → 25. 02:33, 236 min: 75 deep, 124 light, 20 rem, 17 awake; 93 %, hr 64, hrv 34, spo2 95, score 78',
        'nap 25. 03:41 → 25. 07:06, 205 min: 60 deep, 101 light, 20 rem, 24 awake; 88 %, hr 65, hrv 34, spo2 95, score 63',
      ],
      body: 'resting 59, vo2max 34',
      scores: 'recovery 96, movement 53, metabolic –',
    });
  });

  it('2026-10-26: three sleeps: the longest is the second', () => {
    // 197 > 186 > 45: the second piece of the night is the main sleep.
    // 22:38 → 01:44 = 3 h 6 = 186 min; 55 + 99 + 13 = 167 asleep, 186 − 167 = 19 awake; 167/186 = 89.8
    // %.
    // 03:13 → 06:30 = 3 h 17 = 197 min; 55 + 111 + 16 = 182 asleep, 197 − 182 = 15 awake; 182/197 =
    // 92.4 %.
    // 15:17 → 16:02 = 0 h 45 = 45 min; 14 + 19 + 0 = 33 asleep, 45 − 33 = 12 awake; 33/45 = 73.3 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 6709/260 + 0.22 × 35 = 30 + 25.8 + 7.7 = 63.5.
    // Recovery: 74 + 90 × (37/29 − 1.03) + 2.2 × (65 − 59) + 0.45 × (66 − 80) = 74 + 22.1 + 13.2 − 6.3
    // = 103, at most 96.
    // Half hours of pulse, six readings of 29 min: 186 → 6, 197 → 6, 45 → 1.
    expect(pinnedDay(poorSleeper, '2026-10-26')).toEqual({
      day: '10-25 23:00Z → 10-26 23:00Z',
      samples: 'hr 294, hrv 205, temp 295, steps 295, spo2 31, night_rhr 13',
      pulse: '00:02:12 66 → 23:55:16 64',
      steps: 6709,
      minutes: 'active, inactive, week 35, 360, 287',
      sleeps: [
        'nap 25. 22:38 → 26. 01:44, 186 min: 55 deep, 99 light, 13 rem, 19 awake; 90 %, hr 65, hrv 34, spo2 95, score 71',
        '26. 03:13 → 26. 06:30, 197 min: 55 deep, 111 light, 16 rem, 15 awake; 92 %, hr 65, hrv 37, spo2 95, score 66',
        'nap 26. 15:17 → 26. 16:02, 45 min: 14 deep, 19 light, 0 rem, 12 awake; 73 %, hr 67, hrv 30, spo2 96, score 33',
      ],
      body: 'resting 59, vo2max 34',
      scores: 'recovery 96, movement 64, metabolic –',
    });
    expect(truthOn(poorSleeper, '2026-10-26')).toMatchObject({ spo2_avg: 95, hrv_avg: 27 });
  });

  it('2026-10-29: asked half an hour after the wake-up: no tail yet', () => {
    // Up at 05:51 CET = 04:51Z; asked at 05:21Z. The last minutes awake are not recognised yet, and
    // the score is held back.
    // 23:18 → 05:46 = 6 h 28 = 388 min; 70 + 239 + 56 = 365 asleep, 388 − 365 = 23 awake; 365/388 =
    // 94.1 %.
    // 6.35 h = 22860 s, a bucket of steps every 293 s: 78 → 78.
    // Movement: 30 + 45/260 + 0.22 × 0 = 30 + 0.2 + 0 = 30.2.
    // Recovery: 74 + 90 × (31/29 − 1.03) + 2.2 × (65 − 63) + 0.45 × (83 − 80) = 74 + 3.5 + 4.4 + 1.4 =
    // 83.3.
    expect(pinnedDay(poorSleeper, '2026-10-29', { now: '2026-10-29T05:21:00Z' })).toEqual({
      day: '10-28 23:00Z → 10-29 23:00Z, known until 10-29 05:21Z',
      samples: 'hr 79, hrv 51, temp 78, steps 78, spo2 24, night_rhr 13',
      pulse: '00:01:21 67 → 06:20:57 77',
      steps: 45,
      minutes: 'active, inactive, week 0, 0, 277',
      sleeps: [
        '28. 23:18 → 29. 05:46, 388 min: 70 deep, 239 light, 56 rem, 23 awake; 94 %, hr 67, hrv 31, spo2 95, score 83',
      ],
      body: 'resting 63, vo2max 34',
      scores: 'recovery 83, movement 30, metabolic –',
    });
  });

  it('2026-10-29: asked two hours after it: half of the tail', () => {
    // One hour after the wake-up the night is told anew: half of the tail counts.
    // 23:18 → 05:49 = 6 h 31 = 391 min; 70 + 239 + 56 = 365 asleep, 391 − 365 = 26 awake; 365/391 =
    // 93.4 %.
    // 7.85 h = 28260 s, a bucket of steps every 293 s: 96.5 → 96.
    // Movement: 30 + 156/260 + 0.22 × 0 = 30 + 0.6 + 0 = 30.6.
    // Recovery: 74 + 90 × (31/29 − 1.03) + 2.2 × (65 − 63) + 0.45 × (85 − 80) = 74 + 3.5 + 4.4 + 2.3 =
    // 84.2.
    expect(pinnedDay(poorSleeper, '2026-10-29', { now: '2026-10-29T06:51:00Z' })).toEqual({
      day: '10-28 23:00Z → 10-29 23:00Z, known until 10-29 06:51Z',
      samples: 'hr 97, hrv 65, temp 96, steps 96, spo2 24, night_rhr 13',
      pulse: '00:01:21 67 → 07:48:55 78',
      steps: 156,
      minutes: 'active, inactive, week 0, 0, 277',
      sleeps: [
        '28. 23:18 → 29. 05:49, 391 min: 70 deep, 239 light, 56 rem, 26 awake; 93 %, hr 67, hrv 31, spo2 95, score 85',
      ],
      body: 'resting 63, vo2max 34',
      scores: 'recovery 84, movement 31, metabolic –',
    });
  });

  it('2026-10-30: a night and a nap after lunch', () => {
    // 23:00Z to 23:00Z = 24 h.
    // 22:55 → 05:35 = 6 h 40 = 400 min; 75 + 236 + 67 = 378 asleep, 400 − 378 = 22 awake; 378/400 =
    // 94.5 %.
    // Score: 0.22 × 100 sleep_efficiency + 0.3 × 92.8 total_sleep + 0.08 × 96.4 temperature + 0.1 ×
    // 69.2 restfulness + 0.1 × 68.8 hrv_form + 0.08 × 93.8 timing + 0.12 × 86.4 restoration_time =
    // 89.2.
    // 15:24 → 16:08 = 0 h 44 = 44 min; 0 + 28 + 0 = 28 asleep, 44 − 28 = 16 awake; 28/44 = 63.6 %.
    // Score: 0.22 × 5 sleep_efficiency + 0.3 × 5 total_sleep + 0.08 × 5 temperature + 0.1 × 92.3
    // restfulness + 0.1 × 44.7 hrv_form + 0.08 × 5 timing + 0.12 × 5 restoration_time = 17.7.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 6577/260 + 0.22 × 38 = 30 + 25.3 + 8.4 = 63.7.
    // Recovery: 74 + 90 × (30/29 − 1.03) + 2.2 × (65 − 62) + 0.45 × (89 − 80) = 74 + 0.4 + 6.6 + 4.1 =
    // 85.1.
    // The week, today first: 38 + 34 + 53 + 46 + 35 + 18 + 74 = 298 active minutes.
    // Half hours of pulse, six readings of 29 min: 400 → 13, 44 → 1.
    expect(pinnedDay(poorSleeper, '2026-10-30')).toEqual({
      day: '10-29 23:00Z → 10-30 23:00Z',
      samples: 'hr 295, hrv 196, temp 295, steps 295, spo2 30, night_rhr 14',
      pulse: '00:01:38 70 → 23:56:19 70',
      steps: 6577,
      minutes: 'active, inactive, week 38, 170, 298',
      sleeps: [
        '29. 22:55 → 30. 05:35, 400 min: 75 deep, 236 light, 67 rem, 22 awake; 95 %, hr 67, hrv 30, spo2 94, score 89',
        'nap 30. 15:24 → 30. 16:08, 44 min: 0 deep, 28 light, 0 rem, 16 awake; 64 %, hr 70, hrv 25, spo2 95, score 18',
      ],
      body: 'resting 62, vo2max 34',
      scores: 'recovery 85, movement 64, metabolic –',
    });
  });

  it('2026-11-02: a night in one piece', () => {
    // 23:00Z to 23:00Z = 24 h.
    // 22:13 → 03:58 = 5 h 45 = 345 min; 70 + 212 + 40 = 322 asleep, 345 − 322 = 23 awake; 322/345 =
    // 93.3 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9; none 20:22 → 21:21: 12 − 1 fewer → 284.
    // Movement: 30 + 5706/260 + 0.22 × 32 = 30 + 21.9 + 7 = 59.
    // Recovery: 74 + 90 × (30/29 − 1.03) + 2.2 × (65 − 61) + 0.45 × (81 − 80) = 74 + 0.4 + 8.8 + 0.5 =
    // 83.7.
    expect(pinnedDay(poorSleeper, '2026-11-02')).toEqual({
      day: '11-01 23:00Z → 11-02 23:00Z',
      samples: 'hr 285, hrv 185, temp 284, steps 284, spo2 20, night_rhr 11',
      pulse: '00:03:45 68 → 23:59:56 68',
      steps: 5706,
      minutes: 'active, inactive, week 32, 520, 233',
      sleeps: [
        '01. 22:13 → 02. 03:58, 345 min: 70 deep, 212 light, 40 rem, 23 awake; 93 %, hr 67, hrv 30, spo2 95, score 81',
      ],
      body: 'resting 61, vo2max 34',
      scores: 'recovery 84, movement 59, metabolic –',
    });
    expect(truthOn(poorSleeper, '2026-11-02')).toMatchObject({
      temperature_deviation: -0.03,
      morning_alertness: 168,
      sleep_movements: 12,
    });
  });
});
