import { describeSpring } from './support/differential/describe-spring';

describeSpring('people who sleep by day, in pieces or without their ring', [1005, 1006, 1008]);
