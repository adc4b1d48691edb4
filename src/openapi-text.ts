/** In the order in which one comes across them: a user, a connection, its syncs, then the data. */
export const TAGS: readonly (readonly [name: string, description: string])[] = [
  ['Users', 'The people who wear a device. Start here: create one, or look one up.'],
  ['Connect', "Sign a user in with a wearable's provider, see the connections, and end them."],
  [
    'Sync',
    'Fetch now, or a year of history; follow what is running as a stream of events; pause, resume and cancel it; see what each run brought.',
  ],
  ['Sleep', 'Nights and naps with their stages, one event each.'],
  ['Time series', 'Samples over time: heart rate, HRV, skin temperature, steps and more.'],
  ['Summaries', 'One row a day.'],
  [
    'Scores',
    "The provider's own ratings, such as its recovery and sleep scores, and this server's own of sleep and resilience.",
  ],
  ['Developers', 'Who may sign in here, and their API keys.'],
  ['Providers', 'Which providers there are, what each offers, and what is stored of it.'],
  ['Settings', 'For the developers of this server: what counts for all users.'],
  [
    'Operations',
    "For whoever runs the server: why a user's data does not come, how all users fare, days that were given up, what providers send that is new, replays, health checks and metrics.",
  ],
];

export const INTRODUCTION = `
Vitalbase signs people in with their wearable's provider, fetches their data (30 days at once, then every hour),
and serves it in one shape. The API is compatible with Open Wearables API v1.

### First steps

1. Press **Authorize** and sign in as a developer, which opens every operation, or paste an API key into one of the first
   fields. \`npm run demo\` prints both; \`npm run developer\` and \`npm run key:create\` make them. The browser keeps them
   over reloads.
2. **Users** → \`GET /api/v1/users\` → *Execute*: the id of a user is what most other operations ask for.
   The one filled in is the user of the demo.
3. **Connect** → \`GET /api/v1/oauth/{provider}/authorize\`, open the \`authorization_url\` it answers, and consent.
4. **Sync** → \`GET /api/v1/users/{user_id}/sync/runs\` shows the first 30 days coming in;
   \`GET /api/v1/users/{user_id}/sync/stream\` tells each step as it happens.
5. **Sleep**, **Time series**, **Summaries** and **Scores** read them back.

### Conventions

- Times in a query: ISO 8601, a bare date (its midnight), or Unix seconds; without a zone they are UTC.
  Ranges include their start and exclude their end; in time series an end at midnight UTC takes in that whole day.
- Times in an answer: ISO 8601 in UTC. \`zone_offset\` says what the clock on the wall showed, such as \`+05:30\`.
  \`recorded_at\` of a score carries that offset itself: its first ten characters are the local date.
- Units are named by the answer (\`unit\`) or by the field (\`…_seconds\`, \`…_percent\`, \`…_bpm\`).
- Lists come in pages: send \`next_cursor\` back as \`cursor\` until it is null.
- Every error answers a text, \`detail\`, that says what to send instead. \`X-Request-Id\` finds it in the log.
`;
