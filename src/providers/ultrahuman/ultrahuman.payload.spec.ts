import { ProviderPayloadInvalid } from '../provider-errors';
import { readAnswer } from './ultrahuman.payload';

const DATE = '2026-03-07';
const read = (body: unknown) =>
  readAnswer(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), DATE);

describe('readAnswer', () => {
  it('reads a list of metrics', () => {
    const data = { metric_data: [{ type: 'hr', object: {} }], latest_time_zone: 'Asia/Kolkata' };
    const envelope = { data, error: null, status: 200 };
    expect(read(envelope)).toEqual({
      envelope,
      entries: data.metric_data,
      keyedByDate: false,
      otherDays: 0,
      onlyOtherDays: false,
      timeZone: 'Asia/Kolkata',
    });
  });

  it('reads the asked date out of a map, and counts what is under other dates', () => {
    const metrics = { [DATE]: [{ type: 'hr' }], '2026-03-06': [{ type: 'hr' }, { type: 'temp' }] };
    expect(read({ data: { metrics }, status: 'ok' })).toMatchObject({
      entries: [{ type: 'hr' }],
      keyedByDate: true,
      otherDays: 2,
    });
  });

  it('finds nothing in a map without the asked date', () => {
    expect(read({ data: { metrics: { '2026-03-06': [{ type: 'hr' }] } } })).toMatchObject({
      entries: [],
      otherDays: 1,
      onlyOtherDays: true,
    });
  });

  it.each([
    { data: [] },
    { data: {} },
    { data: null },
    { data: { metric_data: [] } },
    { data: { metric_data: null } },
    { data: { metrics: {} }, status: 'ok' },
    { data: { latest_time_zone: 'Asia/Kolkata' } },
    { status: 404, error: 'Not Found' },
    { status: '404', error: 'Not Found', data: null },
  ])('takes %j for no data', (body) => {
    expect(read(body).entries).toEqual([]);
  });

  it.each([
    ['empty_body', ''],
    ['empty_body', ' \n'],
    ['not_json', '<html></html>'],
    ['not_json', '{"data":{"metric_data":[{"type":"hr"'],
    ['unknown_envelope', 'null'],
    ['unknown_envelope', '[]'],
    ['unknown_envelope', '{}'],
    ['unknown_envelope', '{"error":"invalid_grant"}'],
    ['unknown_envelope', '{"status":500,"error":"Internal Server Error"}'],
    ['unknown_envelope', '{"data":null,"error":"boom"}'],
    ['unknown_envelope', '{"data":{"metric_data":[]},"status":500}'],
    ['unknown_envelope', '{"data":[{"type":"hr"}]}'],
    ['unknown_envelope', '{"data":{"metric_data":"none"}}'],
    ['unknown_envelope', '{"data":{"other":[1]}}'],
  ])('refuses with %s: %s', (reason, body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ reason }));
    expect(() => read(body)).toThrow(ProviderPayloadInvalid);
  });
});
