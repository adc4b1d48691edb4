import { athlete, sensorWearer, steady } from '../life/people/settled';
import { pinnedDay, truthOn } from '../testing/pinned-day';

/** Five days of each person, each with the sum by which it can be checked by hand. Clocks are local, limits of days UTC. */

describe('the steady adult in Kolkata', () => {
  it('2026-11-17: an office day with its walk', () => {
    // Kolkata is 5 h 30 min ahead all year: 00:00 is 18:30Z of the day before; 24 h.
    // 22:51 → 05:43 = 6 h 52 = 412 min; 70 + 260 + 65 = 395 asleep, 412 − 395 = 17 awake; 395/412 =
    // 95.9 %.
    // Score: 0.22 × 100 sleep_efficiency + 0.3 × 76.3 total_sleep + 0.08 × 100 temperature + 0.1 ×
    // 75.8 restfulness + 0.1 × 73.1 hrv_form + 0.08 × 98.9 timing + 0.12 × 78.6 restoration_time =
    // 85.1.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 9089/260 + 0.22 × 54 = 30 + 35 + 11.9 = 76.8.
    // Recovery: 74 + 90 × (49/46 − 1.03) + 2.2 × (56 − 53) + 0.45 × (85 − 80) = 74 + 3.2 + 6.6 + 2.3 =
    // 86.
    // The week, today first: 54 + 46 + 18 + 64 + 72 + 50 + 61 = 365 active minutes.
    expect(pinnedDay(steady, '2026-11-17')).toEqual({
      day: '11-16 18:30Z → 11-17 18:30Z',
      samples: 'hr 295, hrv 202, temp 295, steps 295, night_rhr 14',
      pulse: '00:03:40 63 → 23:57:33 60',
      steps: 9089,
      minutes: 'active, inactive, week 54, 385, 365',
      sleeps: [
        '16. 22:51 → 17. 05:43, 412 min: 70 deep, 260 light, 65 rem, 17 awake; 96 %, hr 58, hrv 49, spo2 97, score 85',
      ],
      body: 'resting 53, vo2max 39',
      scores: 'recovery 86, movement 77, metabolic –',
    });
  });

  it('2026-11-20: a day of sitting', () => {
    // 18:30Z to 18:30Z = 24 h.
    // 22:31 → 05:32 = 7 h 1 = 421 min; 80 + 232 + 80 = 392 asleep, 421 − 392 = 29 awake; 392/421 =
    // 93.1 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 296.
    // Movement: 30 + 4487/260 + 0.22 × 18 = 30 + 17.3 + 4 = 51.2.
    // Recovery: 74 + 90 × (42/46 − 1.03) + 2.2 × (56 − 55) + 0.45 × (81 − 80) = 74 − 10.5 + 2.2 + 0.5
    // = 66.1.
    expect(pinnedDay(steady, '2026-11-20')).toEqual({
      day: '11-19 18:30Z → 11-20 18:30Z',
      samples: 'hr 295, hrv 208, temp 296, steps 296, night_rhr 14',
      pulse: '00:02:56 63 → 23:58:47 64',
      steps: 4487,
      minutes: 'active, inactive, week 18, 470, 356',
      sleeps: [
        '19. 22:31 → 20. 05:32, 421 min: 80 deep, 232 light, 80 rem, 29 awake; 93 %, hr 60, hrv 42, spo2 96, score 81',
      ],
      body: 'resting 55, vo2max 39',
      scores: 'recovery 66, movement 51, metabolic –',
    });
  });

  it('2026-11-21: a short night before Saturday', () => {
    // 18:30Z to 18:30Z = 24 h.
    // 22:41 → 05:20 = 6 h 39 = 399 min; 70 + 220 + 65 = 355 asleep, 399 − 355 = 44 awake; 355/399 = 89
    // %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 10836/260 + 0.22 × 67 = 30 + 41.7 + 14.7 = 86.4.
    // Recovery: 74 + 90 × (43/46 − 1.03) + 2.2 × (56 − 55) + 0.45 × (73 − 80) = 74 − 8.6 + 2.2 − 3.2 =
    // 64.5.
    expect(pinnedDay(steady, '2026-11-21')).toEqual({
      day: '11-20 18:30Z → 11-21 18:30Z',
      samples: 'hr 295, hrv 192, temp 295, steps 295, night_rhr 13',
      pulse: '00:03:18 62 → 23:58:43 59',
      steps: 10836,
      minutes: 'active, inactive, week 67, 345, 359',
      sleeps: [
        '20. 22:41 → 21. 05:20, 399 min: 70 deep, 220 light, 65 rem, 44 awake; 89 %, hr 61, hrv 43, spo2 97, score 73',
      ],
      body: 'resting 55, vo2max 40',
      scores: 'recovery 64, movement 86, metabolic –',
    });
  });

  it('2026-03-29: clocks change in Europe, not here', () => {
    // 18:30Z to 18:30Z = 24 h.
    // 23:53 → 08:44 = 8 h 51 = 531 min; 70 + 320 + 110 = 500 asleep, 531 − 500 = 31 awake; 500/531 =
    // 94.2 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 294.
    // Movement: 30 + 8219/260 + 0.22 × 62 = 30 + 31.6 + 13.6 = 75.3.
    // Recovery: 74 + 90 × (50/46 − 1.03) + 2.2 × (56 − 53) + 0.45 × (89 − 80) = 74 + 5.1 + 6.6 + 4.1 =
    // 89.8.
    expect(pinnedDay(steady, '2026-03-29')).toEqual({
      day: '03-28 18:30Z → 03-29 18:30Z',
      samples: 'hr 295, hrv 183, temp 294, steps 294, night_rhr 18',
      pulse: '00:03:02 60 → 23:59:08 57',
      steps: 8219,
      minutes: 'active, inactive, week 62, 300, 402',
      sleeps: [
        '28. 23:53 → 29. 08:44, 531 min: 70 deep, 320 light, 110 rem, 31 awake; 94 %, hr 57, hrv 50, spo2 97, score 89',
      ],
      body: 'resting 53, vo2max 41',
      scores: 'recovery 90, movement 75, metabolic –',
    });
  });

  it('2026-11-22: today, half past eleven at night: what the phone fetched before she lay down', () => {
    // 18:00Z is 23:30; asleep by then, so the last fetch was at bedtime.
    // 22:59 → 06:44 = 7 h 45 = 465 min; 75 + 304 + 60 = 439 asleep, 465 − 439 = 26 awake; 439/465 =
    // 94.4 %.
    // 23.5 h = 84600 s, a bucket of steps every 293 s: 288.7 → 289.
    // Movement: 30 + 5144/260 + 0.22 × 22 = 30 + 19.8 + 4.8 = 54.6.
    // Recovery: 74 + 90 × (41/46 − 1.03) + 2.2 × (56 − 55) + 0.45 × (83 − 80) = 74 − 12.5 + 2.2 + 1.4
    // = 65.1.
    expect(pinnedDay(steady, '2026-11-22')).toEqual({
      day: '11-21 18:30Z → 11-22 18:30Z, known until 11-22 18:00Z',
      samples: 'hr 289, hrv 199, temp 289, steps 289, night_rhr 16',
      pulse: '00:02:58 59 → 23:27:46 70',
      steps: 5144,
      minutes: 'active, inactive, week 22, 440, 363',
      sleeps: [
        '21. 22:59 → 22. 06:44, 465 min: 75 deep, 304 light, 60 rem, 26 awake; 94 %, hr 59, hrv 41, spo2 97, score 83',
      ],
      body: 'resting 55, vo2max 40',
      scores: 'recovery 65, movement 55, metabolic –',
    });
  });
});

describe('the athlete in Los Angeles', () => {
  it('2026-11-01: clocks go back: 25 hours', () => {
    // 00:00 PDT = 07:00Z; 24:00 PST = 08:00Z the next day; 25 h.
    // 22:31 → 06:37 = 8 h 6 on the clock + 60 min for the change of the clocks = 546 min; 70 + 359 +
    // 90 = 519 asleep, 546 − 519 = 27 awake; 519/546 = 95.1 %.
    // 25 h = 90000 s, a bucket of steps every 293 s: 307.2 → 307.
    // Movement: 30 + 3190/260 + 0.22 × 148 = 30 + 12.3 + 32.6 = 74.8.
    // Recovery: 74 + 90 × (77/82 − 1.03) + 2.2 × (45 − 43) + 0.45 × (87 − 80) = 74 − 8.2 + 4.4 + 3.2 =
    // 73.4.
    expect(pinnedDay(athlete, '2026-11-01')).toEqual({
      day: '11-01 07:00Z → 11-02 08:00Z',
      samples: 'hr 307, hrv 216, temp 307, steps 307, night_rhr 18',
      pulse: '00:01:36 53 → 23:59:57 50',
      steps: 3190,
      minutes: 'active, inactive, week 148, 370, 415',
      sleeps: [
        '31. 22:31 → 01. 06:37, 546 min: 70 deep, 359 light, 90 rem, 27 awake; 95 %, hr 49, hrv 77, spo2 98, score 87',
      ],
      body: 'resting 43, vo2max 53',
      scores: 'recovery 73, movement 75, metabolic –',
    });
  });

  it('2026-03-08: clocks go forward: 23 hours', () => {
    // 00:00 PST = 08:00Z; 24:00 PDT = 07:00Z the next day; 23 h.
    // 23:43 → 08:45 = 9 h 2 on the clock − 60 min for the change of the clocks = 482 min; 85 + 285 +
    // 92 = 462 asleep, 482 − 462 = 20 awake; 462/482 = 95.9 %.
    // 23 h = 82800 s, a bucket of steps every 293 s: 282.6 → 282.
    // Movement: 30 + 4989/260 + 0.22 × 160 = 30 + 19.2 + 35.2 = 84.4.
    // Recovery: 74 + 90 × (95/82 − 1.03) + 2.2 × (45 − 40) + 0.45 × (88 − 80) = 74 + 11.6 + 11 + 3.6 =
    // 100.2, at most 96.
    expect(pinnedDay(athlete, '2026-03-08')).toEqual({
      day: '03-08 08:00Z → 03-09 07:00Z',
      samples: 'hr 282, hrv 215, temp 282, steps 282, night_rhr 16',
      pulse: '00:03:38 49 → 23:55:56 42',
      steps: 4989,
      minutes: 'active, inactive, week 160, 235, 551',
      sleeps: [
        '07. 23:43 → 08. 08:45, 482 min: 85 deep, 285 light, 92 rem, 20 awake; 96 %, hr 45, hrv 95, spo2 97, score 88',
      ],
      body: 'resting 40, vo2max 53',
      scores: 'recovery 96, movement 84, metabolic –',
    });
  });

  it('2026-10-27: the ring in its drawer', () => {
    // Nothing measured: no samples, no sleep, zero steps. The movement score is filled in: 57 + 7 ×
    // form, between 50 and 64. 24 h at UTC − 7.
    expect(pinnedDay(athlete, '2026-10-27')).toEqual({
      day: '10-27 07:00Z → 10-28 07:00Z',
      samples: '',
      pulse: 'none',
      steps: 0,
      minutes: 'active, inactive, week 0, 0, 458',
      sleeps: [],
      body: 'resting –, vo2max –',
      scores: 'recovery –, movement 55, metabolic –',
    });
    expect(truthOn(athlete, '2026-10-27')).toMatchObject({ hrv_avg: null, steps_avg: null });
  });

  it('2026-10-28: the ring goes on after a night without it', () => {
    // She wakes up without the ring; it goes on ten minutes later, so the day has no sleep and no
    // resting pulse.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9; none before 06:05: 74.9 − 1 fewer → 221.
    // Movement: 30 + 5719/260 + 0.22 × 75 = 30 + 22 + 16.5 = 68.5.
    expect(pinnedDay(athlete, '2026-10-28')).toEqual({
      day: '10-28 07:00Z → 10-29 07:00Z',
      samples: 'hr 220, hrv 159, temp 221, steps 221',
      pulse: '06:03:44 64 → 23:55:26 50',
      steps: 5719,
      minutes: 'active, inactive, week 75, 255, 439',
      sleeps: [],
      body: 'resting –, vo2max 54',
      scores: 'recovery –, movement 68, metabolic –',
    });
  });

  it('2026-11-22: today at ten in the morning', () => {
    // 18:00Z = 10:00 PST: ten hours of the day are known.
    // 22:57 → 07:09 = 8 h 12 = 492 min; 60 + 312 + 86 = 458 asleep, 492 − 458 = 34 awake; 458/492 =
    // 93.1 %.
    // 10 h = 36000 s, a bucket of steps every 293 s: 122.9 → 123.
    // Movement: 30 + 190/260 + 0.22 × 33 = 30 + 0.7 + 7.3 = 38.
    // Recovery: 74 + 90 × (88/82 − 1.03) + 2.2 × (45 − 41) + 0.45 × (84 − 80) = 74 + 3.9 + 8.8 + 1.8 =
    // 88.5.
    // The week, today first: 33 + 146 + 102 + 66 + 82 + 92 + 60 = 581 active minutes.
    expect(pinnedDay(athlete, '2026-11-22')).toEqual({
      day: '11-22 08:00Z → 11-23 08:00Z, known until 11-22 18:00Z',
      samples: 'hr 123, hrv 86, temp 123, steps 123, night_rhr 16',
      pulse: '00:01:16 49 → 09:56:14 149',
      steps: 190,
      minutes: 'active, inactive, week 33, 75, 581',
      sleeps: [
        '21. 22:57 → 22. 07:09, 492 min: 60 deep, 312 light, 86 rem, 34 awake; 93 %, hr 46, hrv 88, spo2 97, score 84',
      ],
      body: 'resting 41, vo2max 53',
      scores: 'recovery 88, movement 38, metabolic –',
    });
  });
});

describe('the sensor wearer in Berlin', () => {
  it('2026-10-25: clocks go back: 25 hours, 300 readings of glucose', () => {
    // 00:00 CEST = 22:00Z on the 24th; 24:00 CET = 23:00Z; 25 h. 25 × 12 = 300 readings of glucose.
    // 01:04 → 07:04 = 6 h 0 on the clock + 60 min for the change of the clocks = 420 min; 70 + 257 +
    // 65 = 392 asleep, 420 − 392 = 28 awake; 392/420 = 93.3 %.
    // 25 h = 90000 s, a bucket of steps every 293 s: 307.2 → 307.
    // Movement: 30 + 5713/260 + 0.22 × 21 = 30 + 22 + 4.6 = 56.6.
    // Recovery: 74 + 90 × (38/37 − 1.03) + 2.2 × (60 − 57) + 0.45 × (81 − 80) = 74 − 0.3 + 6.6 + 0.5 =
    // 80.8.
    // Glucose: 281 of 300 between 70 and 140 = 93.7 %; sum 30556 / 300 = 101.9 mg/dL.
    expect(pinnedDay(sensorWearer, '2026-10-25')).toEqual({
      day: '10-24 22:00Z → 10-25 23:00Z',
      samples: 'hr 308, hrv 209, temp 307, steps 307, night_rhr 14, glucose 300',
      pulse: '00:01:49 72 → 23:59:45 74',
      steps: 5713,
      minutes: 'active, inactive, week 21, 395, 364',
      sleeps: [
        '25. 01:04 → 25. 07:04, 420 min: 70 deep, 257 light, 65 rem, 28 awake; 93 %, hr 63, hrv 38, spo2 98, score 81',
      ],
      body: 'resting 57, vo2max 36',
      scores: 'recovery 81, movement 57, metabolic 92',
    });
  });

  it('2026-03-29: clocks go forward: 23 hours, 276 readings of glucose', () => {
    // 00:00 CET = 23:00Z on the 28th; 24:00 CEST = 22:00Z; 23 h. 23 × 12 = 276 readings of glucose.
    // 00:44 → 09:13 = 8 h 29 on the clock − 60 min for the change of the clocks = 449 min; 65 + 283 +
    // 70 = 418 asleep, 449 − 418 = 31 awake; 418/449 = 93.1 %.
    // 23 h = 82800 s, a bucket of steps every 293 s: 282.6; none 20:47 → 21:55: 14 − 1 fewer → 270.
    // Movement: 30 + 12779/260 + 0.22 × 81 = 30 + 49.2 + 17.8 = 97.
    // Recovery: 74 + 90 × (37/37 − 1.03) + 2.2 × (60 − 58) + 0.45 × (83 − 80) = 74 − 2.7 + 4.4 + 1.4 =
    // 77.1.
    // Glucose: 243 of 276 between 70 and 140 = 88 %; sum 28733 / 276 = 104.1 mg/dL.
    expect(pinnedDay(sensorWearer, '2026-03-29')).toEqual({
      day: '03-28 23:00Z → 03-29 22:00Z',
      samples: 'hr 269, hrv 191, temp 270, steps 270, night_rhr 15, glucose 276',
      pulse: '00:01:18 80 → 23:55:41 75',
      steps: 12779,
      minutes: 'active, inactive, week 81, 75, 362',
      sleeps: [
        '29. 00:44 → 29. 09:13, 449 min: 65 deep, 283 light, 70 rem, 31 awake; 93 %, hr 63, hrv 37, spo2 98, score 83',
      ],
      body: 'resting 58, vo2max 37',
      scores: 'recovery 77, movement 97, metabolic 82',
    });
  });

  it('2026-11-19: a new sensor warms up for an hour', () => {
    // 20,776 days since 1970, 14 × 1484: a new sensor at 10:15. 24 × 12 = 288 readings of glucose less
    // 60/5 = 12: 276.
    // 23:52 → 06:40 = 6 h 48 = 408 min; 70 + 256 + 55 = 381 asleep, 408 − 381 = 27 awake; 381/408 =
    // 93.4 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 294.
    // On a table 14:36 → 16:00: no pulse, 17.1 − 1 readings fewer, temperatures of the room instead.
    // Movement: 30 + 6690/260 + 0.22 × 34 = 30 + 25.7 + 7.5 = 63.2.
    // Recovery: 74 + 90 × (39/37 − 1.03) + 2.2 × (60 − 58) + 0.45 × (83 − 80) = 74 + 2.2 + 4.4 + 1.4 =
    // 81.9.
    // Glucose: 253 of 276 between 70 and 140 = 91.7 %; sum 27508 / 276 = 99.7 mg/dL.
    expect(pinnedDay(sensorWearer, '2026-11-19')).toEqual({
      day: '11-18 23:00Z → 11-19 23:00Z',
      samples: 'hr 280, hrv 204, temp 294, steps 294, night_rhr 14, glucose 276',
      pulse: '00:00:40 68 → 23:56:24 63',
      steps: 6690,
      minutes: 'active, inactive, week 34, 325, 345',
      sleeps: [
        '18. 23:52 → 19. 06:40, 408 min: 70 deep, 256 light, 55 rem, 27 awake; 93 %, hr 63, hrv 39, spo2 97, score 83',
      ],
      body: 'resting 58, vo2max 36',
      scores: 'recovery 82, movement 63, metabolic 89',
    });
  });

  it('2026-11-21: to bed after midnight: night and date are the same', () => {
    // 23:00Z to 23:00Z = 24 h.
    // 00:49 → 07:29 = 6 h 40 = 400 min; 65 + 237 + 65 = 367 asleep, 400 − 367 = 33 awake; 367/400 =
    // 91.8 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // On a table 15:30 → 16:29: no pulse, 12.1 − 1 readings fewer, temperatures of the room instead.
    // Movement: 30 + 8028/260 + 0.22 × 46 = 30 + 30.9 + 10.1 = 71.
    // Recovery: 74 + 90 × (36/37 − 1.03) + 2.2 × (60 − 59) + 0.45 × (78 − 80) = 74 − 5.1 + 2.2 − 0.9 =
    // 70.2.
    // Glucose: 275 of 288 between 70 and 140 = 95.5 %; sum 29411 / 288 = 102.1 mg/dL.
    expect(pinnedDay(sensorWearer, '2026-11-21')).toEqual({
      day: '11-20 23:00Z → 11-21 23:00Z',
      samples: 'hr 284, hrv 195, temp 295, steps 295, night_rhr 13, glucose 288',
      pulse: '00:03:05 68 → 23:56:20 78',
      steps: 8028,
      minutes: 'active, inactive, week 46, 255, 355',
      sleeps: [
        '21. 00:49 → 21. 07:29, 400 min: 65 deep, 237 light, 65 rem, 33 awake; 92 %, hr 64, hrv 36, spo2 96, score 78',
      ],
      body: 'resting 59, vo2max 36',
      scores: 'recovery 70, movement 71, metabolic 92',
    });
  });

  it('2026-11-18: an ordinary Wednesday', () => {
    // 23:00Z to 23:00Z = 24 h.
    // 23:24 → 06:37 = 7 h 13 = 433 min; 75 + 252 + 75 = 402 asleep, 433 − 402 = 31 awake; 402/433 =
    // 92.8 %.
    // Score: 0.22 × 92 sleep_efficiency + 0.3 × 85.6 total_sleep + 0.08 × 97.3 temperature + 0.1 ×
    // 79.1 restfulness + 0.1 × 67.8 hrv_form + 0.08 × 93.4 timing + 0.12 × 85.8 restoration_time =
    // 86.2.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 5842/260 + 0.22 × 46 = 30 + 22.5 + 10.1 = 62.6.
    // Recovery: 74 + 90 × (38/37 − 1.03) + 2.2 × (60 − 57) + 0.45 × (86 − 80) = 74 − 0.3 + 6.6 + 2.7 =
    // 83.
    // The week, today first: 46 + 50 + 26 + 103 + 43 + 43 + 52 = 363 active minutes.
    // Glucose: 279 of 288 between 70 and 140 = 96.9 %; sum 28962 / 288 = 100.6 mg/dL.
    expect(pinnedDay(sensorWearer, '2026-11-18')).toEqual({
      day: '11-17 23:00Z → 11-18 23:00Z',
      samples: 'hr 295, hrv 188, temp 295, steps 295, night_rhr 14, glucose 288',
      pulse: '00:01:34 64 → 23:59:35 69',
      steps: 5842,
      minutes: 'active, inactive, week 46, 380, 363',
      sleeps: [
        '17. 23:24 → 18. 06:37, 433 min: 75 deep, 252 light, 75 rem, 31 awake; 93 %, hr 62, hrv 38, spo2 97, score 86',
      ],
      body: 'resting 57, vo2max 36',
      scores: 'recovery 83, movement 63, metabolic 96',
    });
    expect(truthOn(sensorWearer, '2026-11-18')).toMatchObject({
      metabolic: {
        score: 96,
        average_glucose: 101,
        variability_percent: 13.8,
        hba1c: 5.3,
        time_in_target_percent: 97,
        target_low: 70,
        target_high: 140,
      },
    });
  });
});
