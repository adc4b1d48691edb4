import { Journey } from './itinerary';

export type BoutKind = 'walk' | 'run' | 'ride' | 'strength';

export interface Routine {
  kind: BoutKind;
  weekdays: number[];
  hour: number;
  minutes: number;
  /** Share of the heart-rate reserve the bout asks for. */
  intensity: number;
  probability: number;
}

/** One night a day; by day between shifts and again before them; in pieces, with naps. */
export type SleepHabit = 'nights' | 'shifts' | 'pieces';

/** Sleep scalars: 2024 none but the flat ones | 2025 flat and nested | as types of their own, the documented way. */
export type Generation = 'flat' | 'nested' | 'top_level';

/** When the phone fetches from the ring. */
export interface Phone {
  /** Hours on the wall clock; null: it does so all the time its owner is up. */
  fetchesAt: number[] | null;
  /** On this day of the month and the two after it it stays behind, and three days arrive in one heap. */
  leftBehindFrom: number | null;
}

/** How the vendor's servers treat this account; each habit was seen in the wild. */
export interface Account {
  generation: Generation;
  lowerCaseSleep: boolean;
  sendsSleepScore: boolean;
  /** Tail, means and score of a night change one and six hours after the wake-up. */
  revisesNights: boolean;
  /** Answers about old dates lack a type now and then. */
  omitsTypes: boolean;
  /** Three weeks on, some Sundays are answered as they stood on their first evening, for good. */
  rollsBack: boolean;
  /** False: no answer ever names a time zone. */
  tellsZone: boolean;
}

export interface Persona {
  id: number;
  firstName: string;
  lastName: string;
  email: string;
  /** Home. */
  timeZone: string;
  journeys: Journey[];
  summary: string;
  memberSince: string | { daysBeforeAnchor: number };
  /** Scopes that this person never grants. */
  deniedScopes: readonly ('profile' | 'ring_data' | 'cgm_data')[];
  sleepHabit: SleepHabit;
  /** Hours on the wall clock; beyond 24 is after midnight. */
  bedtime: { hour: number; spread: number; weekendDelay: number };
  sleepHours: number;
  heart: { resting: number; max: number; rmssd: number };
  skin: { awake: number; asleep: number };
  vo2max: number;
  /** 1 is an office worker's share of steps outside of workouts. */
  restlessness: number;
  routines: Routine[];
  unwornDaysPerMonth: number;
  /** Every fourth weekend the ring stays in its drawer. */
  unwornWeekends: boolean;
  /** `endedDaysBeforeAnchor`: the last sensor ran out so long ago and no other followed. */
  glucose: { fasting: number; perGramOfCarbs: number; endedDaysBeforeAnchor: number | null } | null;
  /** Saturation in per cent: one figure a night, or a series as well; null where the ring has no red light. */
  oxygen: { usual: number; series: boolean } | null;
  /** A ring that now and then reports what no body can do. */
  faultyRing: boolean;
  phone: Phone;
  account: Account;
}
