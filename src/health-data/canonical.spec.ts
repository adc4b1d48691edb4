import { ADDITIVE_CODES, SERIES_TYPES } from './canonical';
import { OPEN_WEARABLES_CODES } from './open-wearables-codes';

it('calls additive exactly the codes that Open Wearables lacks', () => {
  const theirs: readonly string[] = OPEN_WEARABLES_CODES;
  expect(ADDITIVE_CODES).toEqual(Object.keys(SERIES_TYPES).filter((code) => !theirs.includes(code)));
});
