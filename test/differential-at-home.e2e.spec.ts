import { describeSpring } from './support/differential/describe-spring';

describeSpring('people who stay in their zone', [1001, 1002, 1003]);
