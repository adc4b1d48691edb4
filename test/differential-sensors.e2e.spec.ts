import { describeSpring } from './support/differential/describe-spring';

describeSpring(
  'sensors that ran out, that lie, or that nobody may read, and a phone that stays behind',
  [1007, 1010, 1011, 1012],
);
