import { newcomer, veteran, weekendOff, zoneUnknown } from '../life/people/accounts';
import { pinnedDay, truthOn } from '../testing/pinned-day';

/** Five days of each person, each with the sum by which it can be checked by hand. Clocks are local, limits of days UTC. */

describe('the one on Lord Howe who takes weekends off', () => {
  it('2026-10-04: clocks go forward by half an hour: 23.5 hours', () => {
    // 00:00 at +10:30 = 13:30Z on the 3rd; 24:00 at +11 = 13:00Z; 23.5 h.
    // 23:02 → 07:46 = 8 h 44 on the clock − 30 min for the change of the clocks = 494 min; 65 + 305 +
    // 90 = 460 asleep, 494 − 460 = 34 awake; 460/494 = 93.1 %.
    // 23.5 h = 84600 s, a bucket of steps every 293 s: 288.7 → 289.
    // Movement: 30 + 6822/260 + 0.22 × 41 = 30 + 26.2 + 9 = 65.3.
    // Recovery: 74 + 90 × (61/57 − 1.03) + 2.2 × (53 − 49) + 0.45 × (84 − 80) = 74 + 3.6 + 8.8 + 1.8 =
    // 88.2.
    expect(pinnedDay(weekendOff, '2026-10-04')).toEqual({
      day: '10-03 13:30Z → 10-04 13:00Z',
      samples: 'hr 289, hrv 221, temp 289, steps 289, night_rhr 16',
      pulse: '00:04:00 54 → 23:59:48 55',
      steps: 6822,
      minutes: 'active, inactive, week 41, 275, 463',
      sleeps: [
        '03. 23:02 → 04. 07:46, 494 min: 65 deep, 305 light, 90 rem, 34 awake; 93 %, hr 54, hrv 61, spo2 97, score 84',
      ],
      body: 'resting 49, vo2max 44',
      scores: 'recovery 88, movement 65, metabolic –',
    });
    expect(truthOn(weekendOff, '2026-10-04')).toMatchObject({
      temperature_deviation: -0.09,
      average_body_temperature: 35.01,
    });
  });

  it('2026-04-05: clocks go back by half an hour: 24.5 hours', () => {
    // 00:00 at +11 = 13:00Z on the 4th; 24:00 at +10:30 = 13:30Z; 24.5 h.
    // 22:09 → 05:38 = 7 h 29 on the clock + 30 min for the change of the clocks = 479 min; 85 + 262 +
    // 97 = 444 asleep, 479 − 444 = 35 awake; 444/479 = 92.7 %.
    // 24.5 h = 88200 s, a bucket of steps every 293 s: 301 → 301.
    // Movement: 30 + 9424/260 + 0.22 × 61 = 30 + 36.2 + 13.4 = 79.7.
    // Recovery: 74 + 90 × (61/57 − 1.03) + 2.2 × (53 − 50) + 0.45 × (86 − 80) = 74 + 3.6 + 6.6 + 2.7 =
    // 86.9.
    expect(pinnedDay(weekendOff, '2026-04-05')).toEqual({
      day: '04-04 13:00Z → 04-05 13:30Z',
      samples: 'hr 302, hrv 211, temp 301, steps 301, night_rhr 16',
      pulse: '00:01:33 57 → 23:58:43 58',
      steps: 9424,
      minutes: 'active, inactive, week 61, 430, 500',
      sleeps: [
        '04. 22:09 → 05. 05:38, 479 min: 85 deep, 262 light, 97 rem, 35 awake; 93 %, hr 55, hrv 61, spo2 97, score 86',
      ],
      body: 'resting 50, vo2max 44',
      scores: 'recovery 87, movement 80, metabolic –',
    });
    expect(truthOn(weekendOff, '2026-04-05')).toMatchObject({ temperature_deviation: -0.11 });
  });

  it('2026-10-10: a Saturday without the ring', () => {
    // 20,736 days since 1970, week 2962 since Monday 1969-12-29 = 4 × 740 + 2: unworn. The movement
    // score is filled in.
    expect(pinnedDay(weekendOff, '2026-10-10')).toEqual({
      day: '10-09 13:00Z → 10-10 13:00Z',
      samples: '',
      pulse: 'none',
      steps: 0,
      minutes: 'active, inactive, week 0, 0, 312',
      sleeps: [],
      body: 'resting –, vo2max –',
      scores: 'recovery –, movement 51, metabolic –',
    });
    expect(truthOn(weekendOff, '2026-10-10')).toMatchObject({ hrv_avg: null });
  });

  it('2026-10-11: the Sunday after it', () => {
    // The same week 2962. Neither day of this weekend adds to the week.
    // The week, today first: 0 + 0 + 54 + 49 + 58 + 59 + 51 = 271 active minutes.
    expect(pinnedDay(weekendOff, '2026-10-11')).toEqual({
      day: '10-10 13:00Z → 10-11 13:00Z',
      samples: '',
      pulse: 'none',
      steps: 0,
      minutes: 'active, inactive, week 0, 0, 271',
      sleeps: [],
      body: 'resting –, vo2max –',
      scores: 'recovery –, movement 53, metabolic –',
    });
  });

  it('2026-10-12: the Monday on which the ring goes on again', () => {
    // No ring in the night from Sunday: no sleep, no resting pulse.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9; none before 06:28: 79.5 − 1 fewer → 216.
    // Movement: 30 + 11694/260 + 0.22 × 80 = 30 + 45 + 17.6 = 92.6.
    expect(pinnedDay(weekendOff, '2026-10-12')).toEqual({
      day: '10-11 13:00Z → 10-12 13:00Z',
      samples: 'hr 216, hrv 155, temp 216, steps 216',
      pulse: '06:24:42 67 → 23:56:49 56',
      steps: 11694,
      minutes: 'active, inactive, week 80, 300, 300',
      sleeps: [],
      body: 'resting –, vo2max 44',
      scores: 'recovery –, movement 93, metabolic –',
    });
    expect(truthOn(weekendOff, '2026-10-12')).toMatchObject({ resting_hr: null, recovery: null });
  });
});

describe('the newcomer in Auckland', () => {
  it('2026-11-21: the ring goes on at eleven', () => {
    // Two days before the first look, on the 23rd in Auckland. 13 h of ring: 11:00 to 24:00.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9; none 20:04 → 20:58: 11 − 1 fewer; none
    // before 11:01: 135.5 − 1 fewer → 150.
    // On a table 12:44 → 14:03: no pulse, 16.1 − 1 readings fewer, temperatures of the room instead.
    // Movement: 30 + 5296/260 + 0.22 × 34 = 30 + 20.4 + 7.5 = 57.8.
    // The week, today first: 34 + 0 + 0 + 0 + 0 + 0 + 0 = 34 active minutes.
    expect(pinnedDay(newcomer, '2026-11-21')).toEqual({
      day: '11-20 11:00Z → 11-21 11:00Z',
      samples: 'hr 134, hrv 90, temp 150, steps 150',
      pulse: '11:01:59 76 → 23:57:22 60',
      steps: 5296,
      minutes: 'active, inactive, week 34, 160, 34',
      sleeps: [],
      body: 'resting –, vo2max 37',
      scores: 'recovery –, movement 58, metabolic –',
    });
    expect(truthOn(newcomer, '2026-11-21')).toMatchObject({ temperature_deviation: null });
  });

  it('2026-11-22: the first night', () => {
    // Auckland is 13 h ahead in November: 11:00Z to 11:00Z = 24 h.
    // 23:00 → 06:38 = 7 h 38 = 458 min; 80 + 275 + 70 = 425 asleep, 458 − 425 = 33 awake; 425/458 =
    // 92.8 %.
    // Score: 0.22 × 92 sleep_efficiency + 0.3 × 87.1 total_sleep + 0.08 × 96.4 temperature + 0.1 ×
    // 76.9 restfulness + 0.1 × 67.3 hrv_form + 0.08 × 89 timing + 0.12 × 81.2 restoration_time = 85.4.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 9048/260 + 0.22 × 52 = 30 + 34.8 + 11.4 = 76.2.
    // Recovery: 74 + 90 × (43/42 − 1.03) + 2.2 × (59 − 56) + 0.45 × (85 − 80) = 74 − 0.6 + 6.6 + 2.3 =
    // 82.3.
    // The week, today first: 52 + 34 + 0 + 0 + 0 + 0 + 0 = 86 active minutes.
    expect(pinnedDay(newcomer, '2026-11-22')).toEqual({
      day: '11-21 11:00Z → 11-22 11:00Z',
      samples: 'hr 295, hrv 198, temp 295, steps 295, night_rhr 15',
      pulse: '00:01:14 60 → 23:55:43 66',
      steps: 9048,
      minutes: 'active, inactive, week 52, 250, 86',
      sleeps: [
        '21. 23:00 → 22. 06:38, 458 min: 80 deep, 275 light, 70 rem, 33 awake; 93 %, hr 61, hrv 43, spo2 97, score 85',
      ],
      body: 'resting 56, vo2max 37',
      scores: 'recovery 82, movement 76, metabolic –',
    });
    expect(truthOn(newcomer, '2026-11-22')).toMatchObject({
      temperature_deviation: -0.04,
      average_body_temperature: 34.86,
    });
  });

  it('2026-11-23: today at seven in the morning', () => {
    // 18:00Z on the 22nd = 07:00.
    // 22:29 → 06:26 = 7 h 57 = 477 min; 75 + 295 + 85 = 455 asleep, 477 − 455 = 22 awake; 455/477 =
    // 95.4 %.
    // 7 h = 25200 s, a bucket of steps every 293 s: 86 → 86.
    // Movement: 30 + 165/260 + 0.22 × 0 = 30 + 0.6 + 0 = 30.6.
    // Recovery: 74 + 90 × (45/42 − 1.03) + 2.2 × (59 − 57) + 0.45 × (83 − 80) = 74 + 3.7 + 4.4 + 1.4 =
    // 83.5.
    expect(pinnedDay(newcomer, '2026-11-23')).toEqual({
      day: '11-22 11:00Z → 11-23 11:00Z, known until 11-22 18:00Z',
      samples: 'hr 86, hrv 50, temp 86, steps 86, night_rhr 16',
      pulse: '00:03:24 66 → 06:59:57 76',
      steps: 165,
      minutes: 'active, inactive, week 0, 0, 86',
      sleeps: [
        '22. 22:29 → 23. 06:26, 477 min: 75 deep, 295 light, 85 rem, 22 awake; 95 %, hr 61, hrv 45, spo2 97, score 83',
      ],
      body: 'resting 57, vo2max 37',
      scores: 'recovery 83, movement 31, metabolic –',
    });
  });

  it('2026-09-26: looked at in September: the first day', () => {
    // 19:00 in Auckland on the 28th; the ring goes on at 11:00 on the 26th.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9; none 20:26 → 21:30: 13.1 − 1 fewer; none
    // before 11:00: 135.3 − 1 fewer → 148.
    // Movement: 30 + 6903/260 + 0.22 × 48 = 30 + 26.6 + 10.6 = 67.1.
    expect(pinnedDay(newcomer, '2026-09-26', { anchor: '2026-09-28T06:00:00Z' })).toEqual({
      day: '09-25 12:00Z → 09-26 12:00Z',
      samples: 'hr 148, hrv 96, temp 148, steps 148',
      pulse: '11:02:14 78 → 23:57:06 65',
      steps: 6903,
      minutes: 'active, inactive, week 48, 230, 48',
      sleeps: [],
      body: 'resting –, vo2max 38',
      scores: 'recovery –, movement 67, metabolic –',
    });
  });

  it('2026-09-27: clocks go forward in the first night: 23 hours', () => {
    // 00:00 at +12 = 12:00Z on the 26th; 24:00 at +13 = 11:00Z; 23 h.
    // 22:22 → 07:58 = 9 h 36 on the clock − 60 min for the change of the clocks = 516 min; 70 + 313 +
    // 100 = 483 asleep, 516 − 483 = 33 awake; 483/516 = 93.6 %.
    // 23 h = 82800 s, a bucket of steps every 293 s: 282.6; none 20:25 → 21:39: 15.1 − 1 fewer → 268.
    // Movement: 30 + 8741/260 + 0.22 × 58 = 30 + 33.6 + 12.8 = 76.4.
    // Recovery: 74 + 90 × (48/42 − 1.03) + 2.2 × (59 − 55) + 0.45 × (90 − 80) = 74 + 10.2 + 8.8 + 4.5
    // = 97.5, at most 96.
    // The week, today first: 58 + 48 + 0 + 0 + 0 + 0 + 0 = 106 active minutes.
    expect(pinnedDay(newcomer, '2026-09-27', { anchor: '2026-09-28T06:00:00Z' })).toEqual({
      day: '09-26 12:00Z → 09-27 11:00Z',
      samples: 'hr 268, hrv 178, temp 268, steps 268, night_rhr 17',
      pulse: '00:02:27 64 → 23:55:46 63',
      steps: 8741,
      minutes: 'active, inactive, week 58, 170, 106',
      sleeps: [
        '26. 22:22 → 27. 07:58, 516 min: 70 deep, 313 light, 100 rem, 33 awake; 94 %, hr 59, hrv 48, spo2 96, score 90',
      ],
      body: 'resting 55, vo2max 38',
      scores: 'recovery 96, movement 76, metabolic –',
    });
  });
});

describe('two years of history in New York', () => {
  it('2024-11-23: the second day of the account', () => {
    // 730 days before 22 November 2026 is 22 November 2024. 05:00Z to 05:00Z = 24 h.
    // 23:33 → 06:28 = 6 h 55 = 415 min; 85 + 225 + 74 = 384 asleep, 415 − 384 = 31 awake; 384/415 =
    // 92.5 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 4212/260 + 0.22 × 17 = 30 + 16.2 + 3.7 = 49.9.
    // Recovery: 74 + 90 × (31/33 − 1.03) + 2.2 × (55 − 54) + 0.45 × (81 − 80) = 74 − 8.2 + 2.2 + 0.5 =
    // 68.5.
    // The week, today first: 17 + 45 + 0 + 0 + 0 + 0 + 0 = 62 active minutes.
    expect(pinnedDay(veteran, '2024-11-23')).toEqual({
      day: '11-23 05:00Z → 11-24 05:00Z',
      samples: 'hr 296, hrv 195, temp 295, steps 295, spo2 29, night_rhr 14',
      pulse: '00:01:28 64 → 23:59:38 60',
      steps: 4212,
      minutes: 'active, inactive, week 17, 310, 62',
      sleeps: [
        '22. 23:33 → 23. 06:28, 415 min: 85 deep, 225 light, 74 rem, 31 awake; 93 %, hr 59, hrv 31, spo2 96, score 81',
      ],
      body: 'resting 54, vo2max 37',
      scores: 'recovery 68, movement 50, metabolic –',
    });
  });

  it('2025-11-02: clocks go back: 25 hours', () => {
    // 00:00 EDT = 04:00Z; 24:00 EST = 05:00Z; 25 h.
    // 23:38 → 06:23 = 6 h 45 on the clock + 60 min for the change of the clocks = 465 min; 65 + 298 +
    // 92 = 455 asleep, 465 − 455 = 10 awake; 455/465 = 97.8 %.
    // 25 h = 90000 s, a bucket of steps every 293 s: 307.2; none 20:19 → 21:32: 15 − 1 fewer → 294.
    // Movement: 30 + 10364/260 + 0.22 × 67 = 30 + 39.9 + 14.7 = 84.6.
    // Recovery: 74 + 90 × (36/33 − 1.03) + 2.2 × (55 − 51) + 0.45 × (89 − 80) = 74 + 5.5 + 8.8 + 4.1 =
    // 92.3.
    expect(pinnedDay(veteran, '2025-11-02')).toEqual({
      day: '11-02 04:00Z → 11-03 05:00Z',
      samples: 'hr 294, hrv 203, temp 294, steps 294, spo2 31, night_rhr 15',
      pulse: '00:01:43 60 → 23:56:20 58',
      steps: 10364,
      minutes: 'active, inactive, week 67, 235, 475',
      sleeps: [
        '01. 23:38 → 02. 06:23, 465 min: 65 deep, 298 light, 92 rem, 10 awake; 98 %, hr 55, hrv 36, spo2 95, score 89',
      ],
      body: 'resting 51, vo2max 38',
      scores: 'recovery 92, movement 85, metabolic –',
    });
    expect(truthOn(veteran, '2025-11-02')).toMatchObject({ spo2_avg: 95.2 });
  });

  it('2026-03-08: clocks go forward: 23 hours', () => {
    // 00:00 EST = 05:00Z; 24:00 EDT = 04:00Z; 23 h.
    // 23:27 → 06:53 = 7 h 26 on the clock − 60 min for the change of the clocks = 386 min; 80 + 233 +
    // 61 = 374 asleep, 386 − 374 = 12 awake; 374/386 = 96.9 %.
    // Score: 0.22 × 100 sleep_efficiency + 0.3 × 73.6 total_sleep + 0.08 × 88.3 temperature + 0.1 ×
    // 76.9 restfulness + 0.1 × 72.5 hrv_form + 0.08 × 85.7 timing + 0.12 × 86.7 restoration_time =
    // 83.3.
    // 23 h = 82800 s, a bucket of steps every 293 s: 282.6 → 282.
    // Movement: 30 + 8211/260 + 0.22 × 50 = 30 + 31.6 + 11 = 72.6.
    // Recovery: 74 + 90 × (35/33 − 1.03) + 2.2 × (55 − 52) + 0.45 × (83 − 80) = 74 + 2.8 + 6.6 + 1.4 =
    // 84.7.
    expect(pinnedDay(veteran, '2026-03-08')).toEqual({
      day: '03-08 05:00Z → 03-09 04:00Z',
      samples: 'hr 282, hrv 187, temp 282, steps 282, spo2 28, night_rhr 13',
      pulse: '00:03:29 56 → 23:59:54 56',
      steps: 8211,
      minutes: 'active, inactive, week 50, 300, 382',
      sleeps: [
        '07. 23:27 → 08. 06:53, 386 min: 80 deep, 233 light, 61 rem, 12 awake; 97 %, hr 56, hrv 35, spo2 96, score 83',
      ],
      body: 'resting 52, vo2max 37',
      scores: 'recovery 85, movement 73, metabolic –',
    });
  });

  it('2026-11-12: a day that came with two others on the 14th', () => {
    // 05:00Z to 05:00Z = 24 h.
    // 22:16 → 05:16 = 7 h 0 = 420 min; 70 + 251 + 70 = 391 asleep, 420 − 391 = 29 awake; 391/420 =
    // 93.1 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9; none 20:47 → 21:56: 14 − 1 fewer → 282.
    // Movement: 30 + 5542/260 + 0.22 × 21 = 30 + 21.3 + 4.6 = 55.9.
    // Recovery: 74 + 90 × (31/33 − 1.03) + 2.2 × (55 − 53) + 0.45 × (81 − 80) = 74 − 8.2 + 4.4 + 0.5 =
    // 70.7.
    expect(pinnedDay(veteran, '2026-11-12')).toEqual({
      day: '11-12 05:00Z → 11-13 05:00Z',
      samples: 'hr 282, hrv 200, temp 282, steps 282, spo2 27, night_rhr 14',
      pulse: '00:00:45 65 → 23:58:23 63',
      steps: 5542,
      minutes: 'active, inactive, week 21, 220, 387',
      sleeps: [
        '11. 22:16 → 12. 05:16, 420 min: 70 deep, 251 light, 70 rem, 29 awake; 93 %, hr 58, hrv 31, spo2 95, score 81',
      ],
      body: 'resting 53, vo2max 36',
      scores: 'recovery 71, movement 56, metabolic –',
    });
  });

  it('2026-10-04: after a day without the ring', () => {
    // 04:00Z to 04:00Z = 24 h. The ring was in its drawer on the 3rd, so this day has no night.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9; none before 07:15: 89.3 − 1 fewer → 206.
    // Movement: 30 + 9281/260 + 0.22 × 56 = 30 + 35.7 + 12.3 = 78.
    expect(pinnedDay(veteran, '2026-10-04')).toEqual({
      day: '10-04 04:00Z → 10-05 04:00Z',
      samples: 'hr 206, hrv 131, temp 206, steps 206, spo2 6',
      pulse: '07:15:28 71 → 23:56:29 61',
      steps: 9281,
      minutes: 'active, inactive, week 56, 240, 279',
      sleeps: [],
      body: 'resting –, vo2max 36',
      scores: 'recovery –, movement 78, metabolic –',
    });
    expect(truthOn(veteran, '2026-10-04')).toMatchObject({ resting_hr: null });
  });
});

describe('the one whose zone never arrives, in Kathmandu', () => {
  it('2026-10-31: a Saturday', () => {
    // Kathmandu is 5 h 45 min ahead all year: 00:00 is 18:15Z of the day before; 24 h.
    // 22:29 → 07:03 = 8 h 34 = 514 min; 65 + 297 + 110 = 472 asleep, 514 − 472 = 42 awake; 472/514 =
    // 91.8 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 9122/260 + 0.22 × 47 = 30 + 35.1 + 10.3 = 75.4.
    // Recovery: 74 + 90 × (55/58 − 1.03) + 2.2 × (52 − 50) + 0.45 × (86 − 80) = 74 − 7.4 + 4.4 + 2.7 =
    // 73.7.
    expect(pinnedDay(zoneUnknown, '2026-10-31')).toEqual({
      day: '10-30 18:15Z → 10-31 18:15Z',
      samples: 'hr 294, hrv 210, temp 295, steps 295, night_rhr 17',
      pulse: '00:03:55 56 → 23:56:17 57',
      steps: 9122,
      minutes: 'active, inactive, week 47, 135, 429',
      sleeps: [
        '30. 22:29 → 31. 07:03, 514 min: 65 deep, 297 light, 110 rem, 42 awake; 92 %, hr 55, hrv 55, spo2 96, score 86',
      ],
      body: 'resting 50, vo2max 46',
      scores: 'recovery 74, movement 75, metabolic –',
    });
    expect(truthOn(zoneUnknown, '2026-10-31')).toMatchObject({ time_zone: null });
  });

  it('2026-11-17: an hour on the charger', () => {
    // 18:15Z to 18:15Z = 24 h.
    // 21:45 → 05:31 = 7 h 46 = 466 min; 65 + 294 + 85 = 444 asleep, 466 − 444 = 22 awake; 444/466 =
    // 95.3 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9; none 20:18 → 21:22: 12.9 − 1 fewer → 283.
    // Movement: 30 + 8921/260 + 0.22 × 66 = 30 + 34.3 + 14.5 = 78.8.
    // Recovery: 74 + 90 × (57/58 − 1.03) + 2.2 × (52 − 49) + 0.45 × (87 − 80) = 74 − 4.3 + 6.6 + 3.2 =
    // 79.5.
    expect(pinnedDay(zoneUnknown, '2026-11-17')).toEqual({
      day: '11-16 18:15Z → 11-17 18:15Z',
      samples: 'hr 282, hrv 207, temp 283, steps 283, night_rhr 15',
      pulse: '00:03:43 54 → 23:57:20 65',
      steps: 8921,
      minutes: 'active, inactive, week 66, 460, 391',
      sleeps: [
        '16. 21:45 → 17. 05:31, 466 min: 65 deep, 294 light, 85 rem, 22 awake; 95 %, hr 54, hrv 57, spo2 97, score 87',
      ],
      body: 'resting 49, vo2max 46',
      scores: 'recovery 79, movement 79, metabolic –',
    });
    expect(truthOn(zoneUnknown, '2026-11-17')).toMatchObject({ time_zone: null });
  });

  it('2026-11-18: a morning walk', () => {
    // 18:15Z to 18:15Z = 24 h.
    // 22:20 → 06:33 = 8 h 13 = 493 min; 75 + 282 + 100 = 457 asleep, 493 − 457 = 36 awake; 457/493 =
    // 92.7 %.
    // Score: 0.22 × 92 sleep_efficiency + 0.3 × 94.9 total_sleep + 0.08 × 98.2 temperature + 0.1 ×
    // 72.5 restfulness + 0.1 × 61.6 hrv_form + 0.08 × 94.9 timing + 0.12 × 88.1 restoration_time =
    // 88.1.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 10336/260 + 0.22 × 71 = 30 + 39.8 + 15.6 = 85.4.
    // Recovery: 74 + 90 × (57/58 − 1.03) + 2.2 × (52 − 48) + 0.45 × (88 − 80) = 74 − 4.3 + 8.8 + 3.6 =
    // 82.1.
    // The week, today first: 71 + 66 + 13 + 52 + 25 + 32 + 103 = 362 active minutes.
    expect(pinnedDay(zoneUnknown, '2026-11-18')).toEqual({
      day: '11-17 18:15Z → 11-18 18:15Z',
      samples: 'hr 295, hrv 210, temp 295, steps 295, night_rhr 16',
      pulse: '00:00:40 61 → 23:57:31 50',
      steps: 10336,
      minutes: 'active, inactive, week 71, 345, 362',
      sleeps: [
        '17. 22:20 → 18. 06:33, 493 min: 75 deep, 282 light, 100 rem, 36 awake; 93 %, hr 54, hrv 57, spo2 97, score 88',
      ],
      body: 'resting 48, vo2max 46',
      scores: 'recovery 82, movement 85, metabolic –',
    });
  });

  it('2026-11-21: a long night', () => {
    // 18:15Z to 18:15Z = 24 h.
    // 22:56 → 07:49 = 8 h 53 = 533 min; 70 + 347 + 85 = 502 asleep, 533 − 502 = 31 awake; 502/533 =
    // 94.2 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 3694/260 + 0.22 × 16 = 30 + 14.2 + 3.5 = 47.7.
    // Recovery: 74 + 90 × (64/58 − 1.03) + 2.2 × (52 − 48) + 0.45 × (87 − 80) = 74 + 6.6 + 8.8 + 3.2 =
    // 92.6.
    expect(pinnedDay(zoneUnknown, '2026-11-21')).toEqual({
      day: '11-20 18:15Z → 11-21 18:15Z',
      samples: 'hr 295, hrv 199, temp 295, steps 295, night_rhr 18',
      pulse: '00:03:55 58 → 23:58:01 57',
      steps: 3694,
      minutes: 'active, inactive, week 16, 445, 388',
      sleeps: [
        '20. 22:56 → 21. 07:49, 533 min: 70 deep, 347 light, 85 rem, 31 awake; 94 %, hr 52, hrv 64, spo2 98, score 87',
      ],
      body: 'resting 48, vo2max 46',
      scores: 'recovery 93, movement 48, metabolic –',
    });
  });

  it('2026-11-22: today at a quarter to midnight', () => {
    // 18:00Z = 23:45; asleep since bedtime, when the phone fetched last.
    // 22:24 → 06:45 = 8 h 21 = 501 min; 75 + 276 + 110 = 461 asleep, 501 − 461 = 40 awake; 461/501 =
    // 92 %.
    // 22.08 h = 79500 s, a bucket of steps every 293 s: 271.3 → 271.
    // Movement: 30 + 7045/260 + 0.22 × 38 = 30 + 27.1 + 8.4 = 65.5.
    // Recovery: 74 + 90 × (63/58 − 1.03) + 2.2 × (52 − 49) + 0.45 × (89 − 80) = 74 + 5.1 + 6.6 + 4.1 =
    // 89.7.
    expect(pinnedDay(zoneUnknown, '2026-11-22')).toEqual({
      day: '11-21 18:15Z → 11-22 18:15Z, known until 11-22 16:20Z',
      samples: 'hr 271, hrv 189, temp 271, steps 271, night_rhr 17',
      pulse: '00:03:42 58 → 22:04:24 68',
      steps: 7045,
      minutes: 'active, inactive, week 38, 215, 374',
      sleeps: [
        '21. 22:24 → 22. 06:45, 501 min: 75 deep, 276 light, 110 rem, 40 awake; 92 %, hr 54, hrv 63, spo2 98, score 89',
      ],
      body: 'resting 49, vo2max 46',
      scores: 'recovery 90, movement 65, metabolic –',
    });
  });
});
