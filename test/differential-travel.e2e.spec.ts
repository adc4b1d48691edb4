import { describeSpring } from './support/differential/describe-spring';

describeSpring('a traveller, a new account, and somebody whose zone is not told', [1004, 1009, 1013]);
