import { dayAgo, type ContractWorld } from './contract-world';
import {
  activityDay,
  body,
  dataSources,
  dataSummary,
  recoveryDay,
  sample,
  score,
  sleep,
  sleepDay,
  timeline,
  workout,
} from './objects';
import type { Route } from './routes';
import { always, instant, nullable, number, page, problem, whole, type Schema } from './schema';

/** An id of nothing. */
const NOTHING = '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34';
const USER = '/api/v1/users/{user_id}';
/** Bare dates, as the MCP server and the portal send them. */
const DATES = `start_date=${dayAgo(20)}&end_date=${dayAgo(0)}`;
const TIMES = `start_time=${dayAgo(3)}&end_time=${dayAgo(2)}`;
const UNIX = (days: number) => Math.floor(Date.parse(dayAgo(days)) / 1_000);

const notCounted = { total: always(null) };
/** Pages of cursors count nothing, and neither do buckets. */
const perhapsCounted = { total: nullable(whole) };
const nothingOf = (answer: Schema): Schema => ({
  ...answer,
  properties: { ...(answer.properties as object), data: { type: 'array', maxItems: 0 } },
});
const rawSamples = page(sample('raw'));
/** Buckets and days. */
const samples = (resolution: string, asked?: Record<string, Schema>) =>
  page(sample(resolution, asked), { resolution: always(resolution), ...perhapsCounted });
const paged = (operation: string, query: string, answer: Schema): Route => ({
  operation,
  query,
  status: 200,
  answer,
  newcomer: nothingOf(answer),
});
const bucketed = (resolution: string) =>
  paged(`GET ${USER}/timeseries`, `${TIMES}&resolution=${resolution}&limit=1000`, samples(resolution));

/** The contract's own table of what the provider sends, but for the respiratory rate, which stays with its night. */
const RING_AND_SENSOR = [
  ...[
    'heart_rate',
    'resting_heart_rate',
    'heart_rate_variability_rmssd',
    'skin_temperature',
    'blood_glucose',
  ],
  ...['steps', 'active_time', 'vo2_max'],
];
const OF_OTHER_NIGHTS = ['oxygen_saturation', 'skin_temperature_deviation'];
const ofTheNapper = (operation: string, answer: Schema, query = `${DATES}&limit=100`): Route => ({
  operation,
  query,
  ask: ({ napper }) => ({ params: { user_id: napper } }),
  status: 200,
  answer,
});
const aWeekOf = (code: string) => `start_time=${dayAgo(9)}&end_time=${dayAgo(2)}&types=${code}&limit=1000`;

/** Sections 6 to 9 of the contract, and what section 10 has of a user. */
export const dataRoutes: Route[] = [
  paged(`GET ${USER}/timeseries`, TIMES, rawSamples),
  paged(`GET ${USER}/timeseries`, `${TIMES}&types=heart_rate&types=steps&limit=1000`, rawSamples),
  ...RING_AND_SENSOR.map((code) => paged(`GET ${USER}/timeseries`, aWeekOf(code), rawSamples)),
  ...OF_OTHER_NIGHTS.map((code) => ofTheNapper(`GET ${USER}/timeseries`, rawSamples, aWeekOf(code))),
  paged(
    `GET ${USER}/timeseries`,
    `start_time=${UNIX(3)}&end_time=${UNIX(2)}.5&types=heart_rate&provider=ultrahuman&limit=10000`,
    rawSamples,
  ),
  ...['1min', '5min', '15min', '1hour', '1day'].map(bucketed),
  paged(
    `GET ${USER}/timeseries`,
    `${TIMES}&types=heart_rate&resolution=1hour&aggregates=true`,
    samples('1hour', { min: number, max: number, count: whole }),
  ),
  paged(
    `GET ${USER}/timeseries`,
    `${DATES}&resolution=1day&aggregates=true&limit=1000`.replaceAll('_date', '_time'),
    samples('1day', { min: nullable(number), max: nullable(number), count: whole }),
  ),

  paged(`GET ${USER}/events/sleep`, DATES, page(sleep)),
  ofTheNapper(`GET ${USER}/events/sleep`, page(sleep)),
  paged(
    `GET ${USER}/events/sleep`,
    `start_date=2000-01-01&end_date=${dayAgo(-1)}&limit=10&filter_by_priority=true`,
    page(sleep),
  ),
  {
    operation: `DELETE ${USER}/events/sleep/{sleep_id}`,
    ask: async (world) => {
      const { data } = await world.get(`/users/${world.user}/events/sleep?${DATES}`);
      return { params: { user_id: world.user, sleep_id: data.at(-1).id } };
    },
    status: 204,
    answer: null,
  },
  {
    ...paged(
      `GET ${USER}/events/workouts`,
      `start_date=${UNIX(20)}&end_date=${UNIX(0)}&sort_order=desc&record_type=run&include=zones`,
      page(workout),
    ),
    nothing: 'the provider offers no workouts',
  },
  {
    ...paged(`GET ${USER}/events/menstrual-cycles`, DATES, page({})),
    nothing: 'the provider offers no cycles',
  },
  ...['workouts/{workout_id}', 'menstrual-cycles/{cycle_id}'].map((event) => ({
    operation: `DELETE ${USER}/events/${event}`,
    ask: ({ user }: ContractWorld) => ({
      params: { user_id: user, workout_id: NOTHING, cycle_id: NOTHING },
    }),
    status: 404,
    answer: problem,
  })),

  paged(`GET ${USER}/summaries/activity`, `${DATES}&limit=400`, page(activityDay, notCounted)),
  paged(`GET ${USER}/summaries/activity`, `${DATES}&limit=10&sort_order=desc`, page(activityDay, notCounted)),
  paged(`GET ${USER}/summaries/sleep`, `${DATES}&limit=100`, page(sleepDay, notCounted)),
  ofTheNapper(`GET ${USER}/summaries/sleep`, page(sleepDay, notCounted)),
  paged(`GET ${USER}/summaries/recovery`, DATES, page(recoveryDay, notCounted)),
  {
    operation: `GET ${USER}/summaries/body`,
    query: 'average_period=7&latest_window_hours=4',
    status: 200,
    answer: body,
    newcomer: { type: 'null' },
  },
  { operation: `GET ${USER}/summaries/data`, status: 200, answer: dataSummary, newcomer: dataSummary },
  { operation: `GET ${USER}/summaries/data`, query: DATES, status: 200, answer: dataSummary },
  {
    operation: `GET ${USER}/summaries/data/timeline`,
    query: `${DATES}&bucket=day&group_by=series_type`,
    status: 200,
    answer: timeline,
    newcomer: timeline,
  },

  paged(`GET ${USER}/health-scores`, `${DATES}&limit=1000`, page(score)),
  paged(
    `GET ${USER}/health-scores`,
    'category=sleep&limit=5&offset=1',
    page(score, { time: nullable(instant) }),
  ),

  { operation: `GET ${USER}/data-sources`, status: 200, answer: dataSources, newcomer: dataSources },

  ...['direct', 's3'].map((way) => ({
    operation: `POST ${USER}/import/apple/xml/${way}`,
    status: 501,
    answer: problem,
  })),
  { operation: `POST ${USER}/invitation-code`, as: 'developer' as const, status: 501, answer: problem },
  { operation: `POST ${USER}/token`, as: 'nobody' as const, status: 501, answer: problem },
];
