import { faultyRing, keepsGlucosePrivate, sensorExpired } from '../life/people/sensors';
import { pinnedDay, truthOn } from '../testing/pinned-day';

/** Five days of each person, each with the sum by which it can be checked by hand. Clocks are local, limits of days UTC. */

describe('the glucose sensor that ran out in Toronto', () => {
  it('2026-10-28: the last whole day of glucose', () => {
    // 04:00Z to 04:00Z = 24 h; 24 × 12 = 288 readings of glucose. No sleep score is sent here.
    // 22:07 → 05:53 = 7 h 46 = 466 min; 75 + 287 + 84 = 446 asleep, 466 − 446 = 20 awake; 446/466 =
    // 95.7 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 9089/260 + 0.22 × 54 = 30 + 35 + 11.9 = 76.8.
    // Glucose: 253 of 288 between 70 and 140 = 87.8 %; sum 31654 / 288 = 109.9 mg/dL.
    expect(pinnedDay(sensorExpired, '2026-10-28')).toEqual({
      day: '10-28 04:00Z → 10-29 04:00Z',
      samples: 'hr 295, hrv 204, temp 295, steps 295, night_rhr 15, glucose 288',
      pulse: '00:02:39 64 → 23:56:45 65',
      steps: 9089,
      minutes: 'active, inactive, week 54, 320, 253',
      sleeps: [
        '27. 22:07 → 28. 05:53, 466 min: 75 deep, 287 light, 84 rem, 20 awake; 96 %, hr 62, hrv 40, spo2 97, score –',
      ],
      body: 'resting 58, vo2max 39',
      scores: 'recovery 66, movement 77, metabolic 83',
    });
    expect(truthOn(sensorExpired, '2026-10-28')).toMatchObject({
      metabolic: {
        score: 83,
        average_glucose: 110,
        variability_percent: 19.6,
        hba1c: 5.5,
        time_in_target_percent: 88,
        target_low: 70,
        target_high: 140,
      },
    });
  });

  it('2026-10-29: glucose until a quarter past ten', () => {
    // 24 days before 22 November: 10:15 = 10.25 h; 10.25 × 12 = 123 readings of glucose.
    // 22:46 → 06:06 = 7 h 20 = 440 min; 85 + 265 + 71 = 421 asleep, 440 − 421 = 19 awake; 421/440 =
    // 95.7 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 5579/260 + 0.22 × 25 = 30 + 21.5 + 5.5 = 57.
    // Glucose: 123 of 123 between 70 and 140 = 100 %; sum 12688 / 123 = 103.2 mg/dL.
    expect(pinnedDay(sensorExpired, '2026-10-29')).toEqual({
      day: '10-29 04:00Z → 10-30 04:00Z',
      samples: 'hr 295, hrv 194, temp 295, steps 295, night_rhr 15, glucose 123',
      pulse: '00:01:27 64 → 23:58:26 61',
      steps: 5579,
      minutes: 'active, inactive, week 25, 260, 260',
      sleeps: [
        '28. 22:46 → 29. 06:06, 440 min: 85 deep, 265 light, 71 rem, 19 awake; 96 %, hr 62, hrv 41, spo2 96, score –',
      ],
      body: 'resting 57, vo2max 39',
      scores: 'recovery 69, movement 57, metabolic 99',
    });
    expect(truthOn(sensorExpired, '2026-10-29')).toMatchObject({
      metabolic: {
        score: 99,
        average_glucose: 103,
        variability_percent: 11.3,
        hba1c: 5.5,
        time_in_target_percent: 100,
        target_low: 70,
        target_high: 140,
      },
    });
  });

  it('2026-10-30: the first day without glucose', () => {
    // The ring goes on; metabolic scores are null.
    // 22:47 → 06:42 = 7 h 55 = 475 min; 80 + 266 + 93 = 439 asleep, 475 − 439 = 36 awake; 439/475 =
    // 92.4 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 5857/260 + 0.22 × 31 = 30 + 22.5 + 6.8 = 59.3.
    expect(pinnedDay(sensorExpired, '2026-10-30')).toEqual({
      day: '10-30 04:00Z → 10-31 04:00Z',
      samples: 'hr 295, hrv 201, temp 295, steps 295, night_rhr 16',
      pulse: '00:01:50 64 → 23:59:35 63',
      steps: 5857,
      minutes: 'active, inactive, week 31, 435, 286',
      sleeps: [
        '29. 22:47 → 30. 06:42, 475 min: 80 deep, 266 light, 93 rem, 36 awake; 92 %, hr 62, hrv 40, spo2 98, score –',
      ],
      body: 'resting 57, vo2max 39',
      scores: 'recovery 66, movement 59, metabolic –',
    });
    expect(truthOn(sensorExpired, '2026-10-30')).toMatchObject({ metabolic: null });
  });

  it('2026-11-01: clocks go back: 25 hours', () => {
    // 00:00 EDT = 04:00Z; 24:00 EST = 05:00Z; 25 h.
    // 23:06 → 06:17 = 7 h 11 on the clock + 60 min for the change of the clocks = 491 min; 75 + 299 +
    // 83 = 457 asleep, 491 − 457 = 34 awake; 457/491 = 93.1 %.
    // 25 h = 90000 s, a bucket of steps every 293 s: 307.2 → 307.
    // Movement: 30 + 5580/260 + 0.22 × 18 = 30 + 21.5 + 4 = 55.4.
    expect(pinnedDay(sensorExpired, '2026-11-01')).toEqual({
      day: '11-01 04:00Z → 11-02 05:00Z',
      samples: 'hr 307, hrv 215, temp 307, steps 307, night_rhr 16',
      pulse: '00:02:59 63 → 23:56:56 64',
      steps: 5580,
      minutes: 'active, inactive, week 18, 305, 339',
      sleeps: [
        '31. 23:06 → 01. 06:17, 491 min: 75 deep, 299 light, 83 rem, 34 awake; 93 %, hr 62, hrv 41, spo2 97, score –',
      ],
      body: 'resting 57, vo2max 39',
      scores: 'recovery 69, movement 55, metabolic –',
    });
  });

  it('2026-03-08: clocks go forward: 23 hours, 276 readings of glucose', () => {
    // 00:00 EST = 05:00Z; 24:00 EDT = 04:00Z; 23 h; 23 × 12 = 276.
    // 22:41 → 07:10 = 8 h 29 on the clock − 60 min for the change of the clocks = 449 min; 75 + 266 +
    // 70 = 411 asleep, 449 − 411 = 38 awake; 411/449 = 91.5 %.
    // 23 h = 82800 s, a bucket of steps every 293 s: 282.6 → 282.
    // Movement: 30 + 9432/260 + 0.22 × 58 = 30 + 36.3 + 12.8 = 79.
    // Glucose: 260 of 276 between 70 and 140 = 94.2 %; sum 29779 / 276 = 107.9 mg/dL.
    expect(pinnedDay(sensorExpired, '2026-03-08')).toEqual({
      day: '03-08 05:00Z → 03-09 04:00Z',
      samples: 'hr 282, hrv 194, temp 282, steps 282, night_rhr 15, glucose 276',
      pulse: '00:03:21 65 → 23:58:01 62',
      steps: 9432,
      minutes: 'active, inactive, week 58, 290, 268',
      sleeps: [
        '07. 22:41 → 08. 07:10, 449 min: 75 deep, 266 light, 70 rem, 38 awake; 92 %, hr 62, hrv 38, spo2 97, score –',
      ],
      body: 'resting 58, vo2max 38',
      scores: 'recovery 59, movement 79, metabolic 91',
    });
    expect(truthOn(sensorExpired, '2026-03-08')).toMatchObject({
      metabolic: {
        score: 91,
        average_glucose: 108,
        variability_percent: 17,
        hba1c: 5.5,
        time_in_target_percent: 94,
        target_low: 70,
        target_high: 140,
      },
    });
  });
});

describe('the ring out of order in Dubai', () => {
  it('2026-11-02: six readings that are none, and two of saturation', () => {
    // Day 20,759: odd, so saturations are told. A pulse of 0, one of 300, −3 and 60 degrees, 90,000
    // steps, an HRV of 900, saturations of 0 and 2: the truth has two pulses, two temperatures and one
    // bucket less than there were.
    // 22:36 → 06:20 = 7 h 44 = 464 min; 75 + 294 + 60 = 429 asleep, 464 − 429 = 35 awake; 429/464 =
    // 92.5 %.
    // Score: 0.22 × 88 sleep_efficiency + 0.3 × 97.3 total_sleep + 0.08 × 90.1 temperature + 0.1 ×
    // 71.4 restfulness + 0.1 × 60 hrv_form + 0.08 × 82.4 timing + 0.12 × 72.4 restoration_time = 84.2.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 294.
    // Movement: 30 + 5258/260 + 0.22 × 65 = 30 + 20.2 + 14.3 = 64.5.
    // Recovery: 74 + 90 × (34/35 − 1.03) + 2.2 × (61 − 59) + 0.45 × (84 − 80) = 74 − 5.3 + 4.4 + 1.8 =
    // 74.9.
    expect(pinnedDay(faultyRing, '2026-11-02')).toEqual({
      day: '11-01 20:00Z → 11-02 20:00Z',
      samples: 'hr 293, hrv 198, temp 293, steps 294, spo2 25, night_rhr 15',
      pulse: '00:01:39 69 → 23:59:08 70',
      steps: 5258,
      minutes: 'active, inactive, week 65, 450, 266',
      sleeps: [
        '01. 22:36 → 02. 06:20, 464 min: 75 deep, 294 light, 60 rem, 35 awake; 92 %, hr 65, hrv 34, spo2 97, score 84',
      ],
      body: 'resting 59, vo2max 35',
      scores: 'recovery 75, movement 65, metabolic –',
    });
    expect(truthOn(faultyRing, '2026-11-02')).toMatchObject({ spo2_avg: 96.8, hrv_avg: 26 });
  });

  it('2026-11-03: a day on which every saturation is 0, 1 or 2', () => {
    // Day 20,760: even, so no saturation is left.
    // 23:33 → 06:20 = 6 h 47 = 407 min; 75 + 246 + 62 = 383 asleep, 407 − 383 = 24 awake; 383/407 =
    // 94.1 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 294.
    // On a table 13:13 → 13:57: no pulse, 9 − 1 readings fewer, temperatures of the room instead.
    // Movement: 30 + 7885/260 + 0.22 × 44 = 30 + 30.3 + 9.7 = 70.
    // Recovery: 74 + 90 × (32/35 − 1.03) + 2.2 × (61 − 59) + 0.45 × (84 − 80) = 74 − 10.4 + 4.4 + 1.8
    // = 69.8.
    expect(pinnedDay(faultyRing, '2026-11-03')).toEqual({
      day: '11-02 20:00Z → 11-03 20:00Z',
      samples: 'hr 285, hrv 194, temp 293, steps 294, night_rhr 13',
      pulse: '00:01:24 69 → 23:58:52 70',
      steps: 7885,
      minutes: 'active, inactive, week 44, 150, 303',
      sleeps: [
        '02. 23:33 → 03. 06:20, 407 min: 75 deep, 246 light, 62 rem, 24 awake; 94 %, hr 64, hrv 32, spo2 98, score 84',
      ],
      body: 'resting 59, vo2max 35',
      scores: 'recovery 70, movement 70, metabolic –',
    });
    expect(truthOn(faultyRing, '2026-11-03')).toMatchObject({ spo2_avg: null, hrv_avg: 27 });
  });

  it('2026-11-07: to bed after midnight', () => {
    // Dubai is 4 h ahead all year: 20:00Z to 20:00Z = 24 h. Day 20,764 is even.
    // 00:39 → 07:30 = 6 h 51 = 411 min; 80 + 233 + 72 = 385 asleep, 411 − 385 = 26 awake; 385/411 =
    // 93.7 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 294.
    // Movement: 30 + 6377/260 + 0.22 × 32 = 30 + 24.5 + 7 = 61.6.
    // Recovery: 74 + 90 × (43/35 − 1.03) + 2.2 × (61 − 57) + 0.45 × (87 − 80) = 74 + 17.9 + 8.8 + 3.2
    // = 103.8, at most 96.
    // The week, today first: 32 + 38 + 101 + 29 + 44 + 65 + 27 = 336 active minutes.
    expect(pinnedDay(faultyRing, '2026-11-07')).toEqual({
      day: '11-06 20:00Z → 11-07 20:00Z',
      samples: 'hr 293, hrv 202, temp 293, steps 294, night_rhr 13',
      pulse: '00:02:40 67 → 23:58:10 67',
      steps: 6377,
      minutes: 'active, inactive, week 32, 295, 336',
      sleeps: [
        '07. 00:39 → 07. 07:30, 411 min: 80 deep, 233 light, 72 rem, 26 awake; 94 %, hr 61, hrv 43, spo2 –, score 87',
      ],
      body: 'resting 57, vo2max 35',
      scores: 'recovery 96, movement 62, metabolic –',
    });
    expect(truthOn(faultyRing, '2026-11-07')).toMatchObject({ spo2_avg: null });
  });

  it('2026-10-28: a night before midnight, its saturations from the evening', () => {
    // Day 20,754 is even: the 28th has none, but the part of the night before midnight lies on the
    // 27th, which is odd.
    // 23:30 → 05:19 = 5 h 49 = 349 min; 75 + 190 + 45 = 310 asleep, 349 − 310 = 39 awake; 310/349 =
    // 88.8 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 294.
    // Movement: 30 + 10240/260 + 0.22 × 59 = 30 + 39.4 + 13 = 82.4.
    // Recovery: 74 + 90 × (34/35 − 1.03) + 2.2 × (61 − 59) + 0.45 × (75 − 80) = 74 − 5.3 + 4.4 − 2.3 =
    // 70.9.
    expect(pinnedDay(faultyRing, '2026-10-28')).toEqual({
      day: '10-27 20:00Z → 10-28 20:00Z',
      samples: 'hr 293, hrv 198, temp 293, steps 294, night_rhr 11',
      pulse: '00:01:57 66 → 23:59:31 64',
      steps: 10240,
      minutes: 'active, inactive, week 59, 235, 222',
      sleeps: [
        '27. 23:30 → 28. 05:19, 349 min: 75 deep, 190 light, 45 rem, 39 awake; 89 %, hr 64, hrv 34, spo2 97, score 75',
      ],
      body: 'resting 59, vo2max 35',
      scores: 'recovery 71, movement 82, metabolic –',
    });
    expect(truthOn(faultyRing, '2026-10-28')).toMatchObject({ spo2_avg: null });
  });

  it('2026-11-08: a ring on the table', () => {
    // Day 20,765 is odd.
    // 23:39 → 06:20 = 6 h 41 = 401 min; 70 + 242 + 60 = 372 asleep, 401 − 372 = 29 awake; 372/401 =
    // 92.8 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 294.
    // On a table 14:51 → 15:51: no pulse, 12.2 − 1 readings fewer, temperatures of the room instead.
    // Movement: 30 + 4749/260 + 0.22 × 23 = 30 + 18.3 + 5.1 = 53.3.
    // Recovery: 74 + 90 × (39/35 − 1.03) + 2.2 × (61 − 57) + 0.45 × (83 − 80) = 74 + 7.6 + 8.8 + 1.4 =
    // 91.7.
    expect(pinnedDay(faultyRing, '2026-11-08')).toEqual({
      day: '11-07 20:00Z → 11-08 20:00Z',
      samples: 'hr 282, hrv 180, temp 293, steps 294, spo2 23, night_rhr 13',
      pulse: '00:02:24 65 → 23:59:04 78',
      steps: 4749,
      minutes: 'active, inactive, week 23, 500, 332',
      sleeps: [
        '07. 23:39 → 08. 06:20, 401 min: 70 deep, 242 light, 60 rem, 29 awake; 93 %, hr 61, hrv 39, spo2 96, score 83',
      ],
      body: 'resting 57, vo2max 35',
      scores: 'recovery 92, movement 53, metabolic –',
    });
    expect(truthOn(faultyRing, '2026-11-08')).toMatchObject({ spo2_avg: 96.4 });
  });
});

describe('the one in Johannesburg who keeps her glucose private', () => {
  it('2026-11-17: a day with a run, no glucose in it', () => {
    // Johannesburg is 2 h ahead all year: 22:00Z to 22:00Z = 24 h.
    // 22:23 → 06:14 = 7 h 51 = 471 min; 65 + 286 + 95 = 446 asleep, 471 − 446 = 25 awake; 446/471 =
    // 94.7 %.
    // Score: 0.22 × 100 sleep_efficiency + 0.3 × 88 total_sleep + 0.08 × 94.6 temperature + 0.1 × 67
    // restfulness + 0.1 × 84 hrv_form + 0.08 × 98.2 timing + 0.12 × 82.5 restoration_time = 88.8.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 12444/260 + 0.22 × 74 = 30 + 47.9 + 16.3 = 94.1.
    // Recovery: 74 + 90 × (56/49 − 1.03) + 2.2 × (57 − 53) + 0.45 × (89 − 80) = 74 + 10.2 + 8.8 + 4.1
    // = 97, at most 96.
    // The week, today first: 74 + 13 + 26 + 32 + 23 + 17 + 10 = 195 active minutes.
    expect(pinnedDay(keepsGlucosePrivate, '2026-11-17')).toEqual({
      day: '11-16 22:00Z → 11-17 22:00Z',
      samples: 'hr 294, hrv 202, temp 295, steps 295, night_rhr 15',
      pulse: '00:04:05 57 → 23:57:30 61',
      steps: 12444,
      minutes: 'active, inactive, week 74, 355, 195',
      sleeps: [
        '16. 22:23 → 17. 06:14, 471 min: 65 deep, 286 light, 95 rem, 25 awake; 95 %, hr 57, hrv 56, spo2 97, score 89',
      ],
      body: 'resting 53, vo2max 40',
      scores: 'recovery 96, movement 94, metabolic –',
    });
    expect(truthOn(keepsGlucosePrivate, '2026-11-17')).toMatchObject({ metabolic: null });
  });

  it('2026-11-19: an hour on the charger', () => {
    // 22:00Z to 22:00Z = 24 h.
    // 22:19 → 05:51 = 7 h 32 = 452 min; 70 + 273 + 75 = 418 asleep, 452 − 418 = 34 awake; 418/452 =
    // 92.5 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9; none 19:58 → 20:57: 12 − 1 fewer → 284.
    // Movement: 30 + 4005/260 + 0.22 × 14 = 30 + 15.4 + 3.1 = 48.5.
    // Recovery: 74 + 90 × (51/49 − 1.03) + 2.2 × (57 − 54) + 0.45 × (82 − 80) = 74 + 1 + 6.6 + 0.9 =
    // 82.5.
    expect(pinnedDay(keepsGlucosePrivate, '2026-11-19')).toEqual({
      day: '11-18 22:00Z → 11-19 22:00Z',
      samples: 'hr 284, hrv 203, temp 284, steps 284, night_rhr 15',
      pulse: '00:04:07 67 → 23:57:21 64',
      steps: 4005,
      minutes: 'active, inactive, week 14, 395, 206',
      sleeps: [
        '18. 22:19 → 19. 05:51, 452 min: 70 deep, 273 light, 75 rem, 34 awake; 92 %, hr 60, hrv 51, spo2 98, score 82',
      ],
      body: 'resting 54, vo2max 40',
      scores: 'recovery 82, movement 48, metabolic –',
    });
    expect(truthOn(keepsGlucosePrivate, '2026-11-19')).toMatchObject({ metabolic: null });
  });

  it('2026-11-20: an ordinary Friday', () => {
    // 22:00Z to 22:00Z = 24 h.
    // 22:05 → 05:21 = 7 h 16 = 436 min; 80 + 267 + 60 = 407 asleep, 436 − 407 = 29 awake; 407/436 =
    // 93.3 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // Movement: 30 + 9043/260 + 0.22 × 45 = 30 + 34.8 + 9.9 = 74.7.
    // Recovery: 74 + 90 × (48/49 − 1.03) + 2.2 × (57 − 56) + 0.45 × (81 − 80) = 74 − 4.5 + 2.2 + 0.5 =
    // 72.1.
    expect(pinnedDay(keepsGlucosePrivate, '2026-11-20')).toEqual({
      day: '11-19 22:00Z → 11-20 22:00Z',
      samples: 'hr 295, hrv 203, temp 295, steps 295, night_rhr 14',
      pulse: '00:03:59 70 → 23:59:38 62',
      steps: 9043,
      minutes: 'active, inactive, week 45, 445, 228',
      sleeps: [
        '19. 22:05 → 20. 05:21, 436 min: 80 deep, 267 light, 60 rem, 29 awake; 93 %, hr 60, hrv 48, spo2 96, score 81',
      ],
      body: 'resting 56, vo2max 40',
      scores: 'recovery 72, movement 75, metabolic –',
    });
  });

  it('2026-11-21: a long sleep into Saturday', () => {
    // 22:00Z to 22:00Z = 24 h.
    // 23:06 → 07:56 = 8 h 50 = 530 min; 75 + 317 + 100 = 492 asleep, 530 − 492 = 38 awake; 492/530 =
    // 92.8 %.
    // 24 h = 86400 s, a bucket of steps every 293 s: 294.9 → 295.
    // On a table 13:51 → 14:45: no pulse, 10.9 − 1 readings fewer, temperatures of the room instead.
    // Movement: 30 + 4719/260 + 0.22 × 17 = 30 + 18.2 + 3.7 = 51.9.
    // Recovery: 74 + 90 × (45/49 − 1.03) + 2.2 × (57 − 57) + 0.45 × (87 − 80) = 74 − 10 + 0 + 3.2 =
    // 67.1.
    expect(pinnedDay(keepsGlucosePrivate, '2026-11-21')).toEqual({
      day: '11-20 22:00Z → 11-21 22:00Z',
      samples: 'hr 285, hrv 194, temp 295, steps 295, night_rhr 18',
      pulse: '00:01:49 62 → 23:56:44 61',
      steps: 4719,
      minutes: 'active, inactive, week 17, 205, 213',
      sleeps: [
        '20. 23:06 → 21. 07:56, 530 min: 75 deep, 317 light, 100 rem, 38 awake; 93 %, hr 61, hrv 45, spo2 97, score 87',
      ],
      body: 'resting 57, vo2max 41',
      scores: 'recovery 67, movement 52, metabolic –',
    });
  });

  it('2026-11-22: today, eight in the evening', () => {
    // 18:00Z = 20:00: 20 h are known.
    // 23:03 → 07:02 = 7 h 59 = 479 min; 75 + 286 + 91 = 452 asleep, 479 − 452 = 27 awake; 452/479 =
    // 94.4 %.
    // 20 h = 72000 s, a bucket of steps every 293 s: 245.7 → 246.
    // Movement: 30 + 12360/260 + 0.22 × 88 = 30 + 47.5 + 19.4 = 96.9.
    // Recovery: 74 + 90 × (50/49 − 1.03) + 2.2 × (57 − 55) + 0.45 × (87 − 80) = 74 − 0.9 + 4.4 + 3.2 =
    // 80.7.
    expect(pinnedDay(keepsGlucosePrivate, '2026-11-22')).toEqual({
      day: '11-21 22:00Z → 11-22 22:00Z, known until 11-22 18:00Z',
      samples: 'hr 245, hrv 169, temp 246, steps 246, night_rhr 16',
      pulse: '00:04:10 59 → 19:59:07 82',
      steps: 12360,
      minutes: 'active, inactive, week 88, 145, 275',
      sleeps: [
        '21. 23:03 → 22. 07:02, 479 min: 75 deep, 286 light, 91 rem, 27 awake; 94 %, hr 60, hrv 50, spo2 97, score 87',
      ],
      body: 'resting 55, vo2max 41',
      scores: 'recovery 81, movement 97, metabolic –',
    });
  });
});
